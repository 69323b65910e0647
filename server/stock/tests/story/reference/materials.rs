//! Materials, their covers, and kits of them.

use crate::books::{Books, name, on_both};
use domain::ids::KitVersionId;
use domain::material::{MaterialKind, Packing, PrintLanguage};
use domain::picture::{MediaType, Picture};
use domain::pieces::Pieces;
use domain::reference::{ShortNumber, Standing};
use domain::role::Role;
use sea_orm::{ConnectionTrait, Database};
use std::collections::BTreeMap;
use std::sync::Arc;
use stock::access::Denied;
use stock::reference::attachments::AttachmentId;
use stock::reference::event_types::SaveEventTypeError;
use stock::reference::kits::{KitInput, SaveKitError};
use stock::reference::materials::{MaterialInput, SaveMaterialError, SetCoverError};

on_both!(
    an_edition_exists_once,
    an_edition_is_superseded_by_a_later_one,
    a_cover_is_kept_without_what_the_camera_added,
    a_used_kit_changes_by_a_new_version,
    event_types_are_named_once,
);

fn pieces(count: i64) -> Pieces {
    Pieces::new(count).unwrap()
}

pub fn leaflet(title: &str, number: &str) -> MaterialInput {
    MaterialInput {
        kind: MaterialKind::Leaflet,
        title: name(title),
        language: PrintLanguage::Dari,
        edition: name("2017-1"),
        outside_name: name(&format!("Printed paper {number}")),
        short_number: ShortNumber::parse(number).unwrap(),
        packing: Packing::new(pieces(50), pieces(10)).unwrap(),
        carton_weight_g: Some(pieces(8_200)),
        carton_volume_cm3: None,
        contact_numbers: vec![name("0799 000 000"), name("119")],
        superseded_by: None,
    }
}

async fn an_edition_exists_once(books: Arc<Books>) {
    let reader = books.reads(&books.administrator);
    assert_eq!(reader.next_short_number().await.unwrap().as_str(), "M1");
    let id = books.id();
    books.admin().create_material(id, leaflet("Know the risks", "M1")).await.unwrap();
    books.admin().create_material(id, leaflet("Know the risks", "M1")).await.unwrap();
    let saved = reader.material(id).await.unwrap().unwrap();
    assert_eq!(saved.packing.per_carton(), 500);
    assert_eq!(saved.contact_numbers, ["0799 000 000", "119"]);
    assert_eq!((saved.carton_weight_g, saved.carton_volume_cm3), (Some(8_200), None));
    assert_eq!(reader.next_short_number().await.unwrap().as_str(), "M2");

    let other = books.admin().create_material(id, leaflet("Stay safe", "M1")).await;
    assert!(matches!(other, Err(SaveMaterialError::SavedBefore(_))), "{other:?}");
    let double = books.admin().create_material(books.id(), leaflet("KNOW the risks", "M2")).await;
    assert!(matches!(double, Err(SaveMaterialError::DuplicateEdition)), "{double:?}");
    let double = books.admin().create_material(books.id(), leaflet("Stay safe", "m1")).await;
    assert!(matches!(double, Err(SaveMaterialError::DuplicateShortNumber)), "{double:?}");
    // Language and edition are part of the identity.
    let mut pashto = leaflet("Know the risks", "M2");
    pashto.language = PrintLanguage::Pashto;
    books.admin().create_material(books.id(), pashto).await.unwrap();

    let viewer = books.staff(Role::Viewer);
    let refused = books.writes(&viewer).edit_material(id, leaflet("Mine", "M1")).await;
    let denied = matches!(refused, Err(SaveMaterialError::Denied(Denied::NotAllowed(_))));
    assert!(denied, "{refused:?}");
    let officer = books.staff_in(Role::Logistics, "AF21");
    let refused = books.writes(&officer).edit_material(id, leaflet("Mine", "M1")).await;
    let denied = matches!(refused, Err(SaveMaterialError::Denied(Denied::NotAllowed(_))));
    assert!(denied, "{refused:?}");
    assert_eq!(books.reads(&officer).materials().await.unwrap().len(), 2);
}

async fn an_edition_is_superseded_by_a_later_one(books: Arc<Books>) {
    let (old, new) = (books.id(), books.id());
    let mut later = leaflet("Know the risks", "M2");
    later.edition = name("2018-1");
    let mut earlier = leaflet("Know the risks", "M1");
    earlier.superseded_by = Some(new);
    let refused = books.admin().create_material(old, earlier.clone()).await;
    assert!(matches!(refused, Err(SaveMaterialError::UnknownSuccessor)), "{refused:?}");
    books.admin().create_material(new, later.clone()).await.unwrap();
    books.admin().create_material(old, earlier).await.unwrap();
    later.superseded_by = Some(old);
    let circle = books.admin().edit_material(new, later).await;
    assert!(matches!(circle, Err(SaveMaterialError::Circle)), "{circle:?}");
    books.admin().set_material_standing(old, Standing::Retired).await.unwrap();
    let saved = books.reads(&books.administrator).material(old).await.unwrap().unwrap();
    assert_eq!((saved.standing, saved.superseded_by), (Standing::Retired, Some(new)));
    let titles = books.reads(&books.administrator).materials().await.unwrap();
    assert_eq!(titles.iter().map(|m| m.id).collect::<Vec<_>>(), [new, old], "retired ones last");
}

async fn a_cover_is_kept_without_what_the_camera_added(books: Arc<Books>) {
    let (first, second) = (books.id(), books.id());
    books.admin().create_material(first, leaflet("Know the risks", "M1")).await.unwrap();
    books.admin().create_material(second, leaflet("Stay safe", "M2")).await.unwrap();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (chunk, body) in [(b"IHDR", &b"0123456789abc"[..]), (b"tEXt", b"where"), (b"IEND", b"")] {
        png.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        png.extend(chunk);
        png.extend(body);
        png.extend([0; 4]);
    }
    let picture = Picture::parse(&png).unwrap();
    let kept = books.admin().set_cover(first, picture.clone()).await.unwrap();
    assert_eq!(books.admin().set_cover(second, picture.clone()).await.unwrap(), kept);
    let reader = books.reads(&books.administrator);
    assert_eq!(reader.material(first).await.unwrap().unwrap().cover, Some(kept));
    let (media, bytes) = reader.attachment(kept).await.unwrap().unwrap();
    assert_eq!(media, MediaType::Png);
    assert!(!String::from_utf8_lossy(&bytes).contains("where"));
    let typed: AttachmentId = kept.to_string().to_uppercase().parse().unwrap();
    assert_eq!(typed, kept);
    let unknown: AttachmentId = "00".repeat(32).parse().unwrap();
    assert!(reader.attachment(unknown).await.unwrap().is_none());
    assert!("xyz".parse::<AttachmentId>().is_err());
    // A form that changes the words leaves the picture.
    books.admin().edit_material(first, leaflet("Know all risks", "M1")).await.unwrap();
    assert_eq!(reader.material(first).await.unwrap().unwrap().cover, Some(kept));
    let nobody = books.admin().set_cover(books.id(), picture).await;
    assert!(matches!(nobody, Err(SetCoverError::Denied(Denied::NotFound))), "{nobody:?}");

    // The database keeps the limit by itself, past the program.
    let raw = Database::connect(&books.url).await.unwrap();
    let zeros = if books.url.starts_with("sqlite") {
        "zeroblob(5242881)"
    } else {
        "decode(repeat('00', 5242881), 'hex')"
    };
    let insert = format!(
        "INSERT INTO attachment (sha256, media_type, bytes, added_at) \
         SELECT sha256, 'image/png', {zeros}, 0 FROM attachment"
    );
    let refused = raw.execute_unprepared(&insert).await.unwrap_err().to_string();
    assert!(refused.to_lowercase().contains("check constraint"), "{refused}");
}

async fn a_used_kit_changes_by_a_new_version(books: Arc<Books>) {
    let (leaflets, stickers, kit) = (books.id(), books.id(), books.id());
    books.admin().create_material(leaflets, leaflet("Know the risks", "M1")).await.unwrap();
    books.admin().create_material(stickers, leaflet("Stay safe", "M2")).await.unwrap();
    let input = |lines: &[(_, i64)]| KitInput {
        name: name("Event kit"),
        lines: lines.iter().map(|(id, count)| (*id, pieces(*count))).collect(),
    };
    let empty = KitInput { name: name("Nothing"), lines: BTreeMap::new() };
    let refused = books.admin().create_kit(kit, empty).await;
    assert!(matches!(refused, Err(SaveKitError::Empty)), "{refused:?}");
    let refused = books.admin().create_kit(kit, input(&[(books.id(), 5)])).await;
    assert!(matches!(refused, Err(SaveKitError::UnknownMaterial)), "{refused:?}");
    let both = input(&[(leaflets, 2_500), (stickers, 2_500)]);
    books.admin().create_kit(kit, both.clone()).await.unwrap();
    books.admin().create_kit(kit, both.clone()).await.unwrap();
    let double = books.admin().create_kit(books.id(), both).await;
    assert!(matches!(double, Err(SaveKitError::DuplicateName)), "{double:?}");
    let other = books.admin().create_kit(kit, input(&[(leaflets, 1)])).await;
    assert!(matches!(other, Err(SaveKitError::SavedBefore(_))), "{other:?}");

    // Not used yet: the same version changes.
    books.admin().edit_kit(kit, input(&[(leaflets, 2_000), (stickers, 2_500)])).await.unwrap();
    let reader = books.reads(&books.administrator);
    let first = reader.kit(kit).await.unwrap().unwrap();
    assert_eq!((first.version, first.lines.len(), first.used), (1, 2, false));
    assert_eq!(first.lines[0].pieces, 2_000);

    mark_used(&books, first.version_id).await;
    books.admin().edit_kit(kit, input(&[(leaflets, 2_000), (stickers, 2_500)])).await.unwrap();
    assert_eq!(reader.kit(kit).await.unwrap().unwrap().version, 1, "nothing changed");
    books.admin().edit_kit(kit, input(&[(leaflets, 1_000)])).await.unwrap();
    let second = reader.kit(kit).await.unwrap().unwrap();
    assert_eq!((second.version, second.lines.len(), second.used), (2, 1, false));
    // A retired material stays in the kit, but does not come in again.
    books.admin().set_material_standing(leaflets, Standing::Retired).await.unwrap();
    books.admin().edit_kit(kit, input(&[(leaflets, 900)])).await.unwrap();
    books.admin().edit_kit(kit, input(&[(stickers, 900)])).await.unwrap();
    let refused = books.admin().edit_kit(kit, input(&[(leaflets, 900)])).await;
    assert!(matches!(refused, Err(SaveKitError::UnknownMaterial)), "{refused:?}");
}

/// As planning or issuing by the kit does it.
async fn mark_used(books: &Books, version: KitVersionId) {
    let raw = Database::connect(&books.url).await.unwrap();
    let id = version.uuid().simple().to_string();
    let id = if books.url.starts_with("sqlite") { format!("x'{id}'") } else { format!("'{id}'") };
    let update = format!("UPDATE kit_version SET used_at = 1 WHERE id = {id}");
    assert_eq!(raw.execute_unprepared(&update).await.unwrap().rows_affected(), 1);
}

async fn event_types_are_named_once(books: Arc<Books>) {
    let id = books.id();
    books.admin().create_event_type(id, name("Community event")).await.unwrap();
    books.admin().create_event_type(id, name("Community event")).await.unwrap();
    let other = books.admin().create_event_type(id, name("Other")).await;
    assert!(matches!(other, Err(SaveEventTypeError::SavedBefore(_))), "{other:?}");
    let double = books.admin().create_event_type(books.id(), name("community EVENT")).await;
    assert!(matches!(double, Err(SaveEventTypeError::DuplicateName)), "{double:?}");
    books.admin().edit_event_type(id, name("Talk")).await.unwrap();
    books.admin().set_event_type_standing(id, Standing::Retired).await.unwrap();
    let saved = books.reads(&books.administrator).event_type(id).await.unwrap().unwrap();
    assert_eq!((saved.name.as_str(), saved.standing), ("Talk", Standing::Retired));
    let unknown = books.admin().edit_event_type(books.id(), name("Nobody")).await;
    assert!(matches!(unknown, Err(SaveEventTypeError::Denied(Denied::NotFound))), "{unknown:?}");
}
