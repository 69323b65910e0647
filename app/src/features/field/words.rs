//! What the words of the phone's page say, from the catalogue.

use super::page;
use crate::i18n::{Locale, td_string};
use domain::field::words::{FieldWords, Word, WordList};

macro_rules! texts {
    (
        plain { $($plain:ident),+ $(,)? }
        filled { $($filled:ident($($place:ident),+)),+ $(,)? }
        lists { $($list:ident),+ $(,)? }
    ) => {
        pub fn words(l: Locale) -> FieldWords {
            let text = |word| match word {
                $(Word::$plain => td_string!(l, field.$plain).to_string(),)+
                $(Word::$filled => td_string!(
                    l,
                    field.$filled,
                    $($place = concat!("{", stringify!($place), "}")),+
                ),)+
            };
            let list = |list| match list {
                $(WordList::$list => page::$list(l),)+
            };
            FieldWords::new(text, list)
        }
    };
}

texts! {
    plain {
        log_in, log_in_first, log_in_again, of_others, no_store, store_full, all_sent,
        never_synced, sending, no_network, no_answer, send_now, newer, use_newer, events,
        no_events, today, coming, nothing_coming, count_it, stock, no_stock, of_books, more,
        back, home, scan, look_up, typed_code, batch_of, stopped, in_sheet, records, no_records,
        state_here, state_sent, state_asked, delete, delete_sure, deleted, keep_it, job_sheet,
        job_drop, job_received, job_damaged, job_lost, job_found, kept, keep, anyway, brought,
        left, spoiled, cartons, bundles, loose, in_cartons, given_how, to_participants,
        to_multipliers, to_public, who, which_place, choose, add_material, who_came,
        counts_only, women, men, girls, boys, groups, codes_read, no_such_event, store, place,
        batch, quantity, places_n, why, sealed_cartons, loose_good, loose_damaged, damage_why,
        rest, rest_nothing, rest_coming, wrong_title, not_a_number, too_many, needed,
        choose_one, nothing_said, more_than_brought, no_camera, camera_refused, other_code,
        open_sheet, job_brought_back, only_back, hide, session, which_material, other_material,
        which_day, event_by_code, consignment_by_code, no_label, from_form, from_waybill, again,
        by_mistake, torch, job_taken_back, sent_today, take_back, take_back_sure, no_language,
        hand_over, hand_over_text, hand_over_kept, make_file, share_file, save_file,
        no_file_yet, send_file, send_file_text, file, file_sent, file_none, file_other,
        file_damaged, no_network_file, no_answer_file, log_in_file, fate_accepted,
        fate_repeated, fate_failed, why_phone, why_signature, why_rights, why_code,
        why_conflict, why_other, link_over, hidden, hidden_text, show_again, who_is_it,
        somebody_else, without_name, others_records, pin, pin_text, pin_new, pin_again, pin_set,
        pin_remove, pin_removed, pin_is_set, pin_digits, pin_plain, pin_differs, pin_wrong,
        pin_forgotten, no_pin,
    }
    filled {
        closed(n), pin_wait(left), pin_of(name), entered_by(name), waiting(n), oldest(when),
        last_sync(when), pieces(n), unknown_code(code), carton_of(n), refused_because(why),
        sheet_of(number), given(n), carton_size(n), split_differs(split, given),
        books_less(n, what), wrong_code(code), read_again(code), not_taken(n), asked(n),
        on_its_day(day), other_programme(host), file_ready(n), left_out(n),
    }
    lists {
        multipliers, public_places, groups_there, sessions, damage_reasons, loss_reasons,
        find_reasons,
    }
}
