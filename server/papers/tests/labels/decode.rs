//! Every label of every sheet decodes to exactly its own code: nothing missing, nothing extra.

use std::sync::OnceLock;

use papers::labels::{LabelJob, Sheet, pdf};

use crate::page::Page;
use crate::tools::{Folder, render, scan};
use crate::{PUBLIC_URL, a_full_page, cartons, payloads};

/// The full pages of a sheet, rendered once for all tests.
fn full_pages(sheet: Sheet) -> &'static [Page] {
    static RENDERED: [OnceLock<Vec<Page>>; Sheet::ALL.len()] =
        [const { OnceLock::new() }; Sheet::ALL.len()];
    RENDERED[sheet as usize].get_or_init(|| {
        let labels = a_full_page(sheet);
        render(&Folder::new(), &pdf(&LabelJob::new(sheet, PUBLIC_URL, &labels)).unwrap())
    })
}

/// Whole pages give all their codes at the first look.
fn prove(sheet: Sheet, spoil: impl Fn(&Page) -> Page) {
    let labels = a_full_page(sheet);
    let (folder, pages) = (Folder::new(), full_pages(sheet));
    let by_page: Vec<_> = labels.chunks(sheet.per_page()).collect();
    assert_eq!(pages.len(), by_page.len(), "{sheet:?}");
    for (number, (page, labels)) in pages.iter().zip(by_page).enumerate() {
        let found = scan(&folder, &spoil(page));
        assert_eq!(found, payloads(labels), "{sheet:?}, page {}", number + 1);
    }
}

#[test]
fn fresh_from_the_printer_every_label_decodes() {
    Sheet::ALL.into_iter().for_each(|sheet| prove(sheet, Page::clone));
}

/// Wherever on the page it lands: zbar is at odds with edges that lie between two dots.
#[test]
fn moved_on_its_sheet_every_label_of_a_job_decodes() {
    for sheet in Sheet::ALL {
        let labels = cartons(4 * sheet.per_page());
        let job = LabelJob {
            offset_x_mm: 1.0,
            offset_y_mm: -1.3,
            ..LabelJob::new(sheet, PUBLIC_URL, &labels)
        };
        let folder = Folder::new();
        let pages = render(&folder, &pdf(&job).unwrap());
        for (page, labels) in pages.iter().zip(labels.chunks(sheet.per_page())) {
            assert_eq!(scan(&folder, page), payloads(labels), "{sheet:?}");
        }
    }
}

#[test]
fn faded_every_label_decodes() {
    Sheet::ALL.into_iter().for_each(|sheet| prove(sheet, Page::faded));
}

/// zbar fits the edges of a code to points that it draws by lot, and on a whole page that is turned
/// or folded misses about one code in twenty, whoever printed it. A phone looks at one label, many
/// times a second; so a label that was missed on the page is looked at alone, from near and from
/// twice as far, and must decode then. Nothing else may ever be read.
struct Looks {
    labels: usize,
    missed_at_first: usize,
}

impl Looks {
    fn none() -> Self {
        Self { labels: 0, missed_at_first: 0 }
    }

    /// `spoil` happens to the page of that number, `hold` to whatever is looked at.
    fn look(
        &mut self,
        sheet: Sheet,
        spoil: impl Fn(&Page, &LabelJob<'_>, usize) -> Page,
        hold: impl Fn(&Page) -> Page,
    ) {
        let labels = a_full_page(sheet);
        let job = LabelJob::new(sheet, PUBLIC_URL, &labels);
        let folder = Folder::new();
        let fresh = full_pages(sheet).iter().enumerate();
        let pages: Vec<_> = fresh.map(|(number, page)| spoil(page, &job, number)).collect();
        let found: Vec<_> = pages.iter().flat_map(|page| scan(&folder, &hold(page))).collect();
        let mut missed = 0;
        for ((on, x, y), label) in job.places().zip(&labels) {
            let payload = label.code.payload(label.kind, PUBLIC_URL);
            if found.contains(&payload) {
                continue;
            }
            missed += 1;
            let near = hold(&pages[on].cut_out(&sheet.geometry(), (x, y)));
            let looks = [near.clone(), near.twice_as_far()].map(|look| scan(&folder, &look));
            assert!(looks.contains(&vec![payload]), "{sheet:?}: {label:?} gave {looks:?}");
        }
        assert_eq!(found.len() + missed, labels.len(), "{sheet:?} gave something else: {found:?}");
        self.labels += labels.len();
        self.missed_at_first += missed;
    }

    /// More than one in ten would be the fault of the labels.
    fn prove(&self) {
        let Self { labels, missed_at_first } = self;
        println!("{missed_at_first} of {labels} labels needed a second look");
        assert!(missed_at_first * 10 <= *labels, "{missed_at_first} of {labels}");
    }
}

#[test]
fn tilted_by_20_degrees_to_either_side_every_label_decodes() {
    let mut looks = Looks::none();
    for sheet in Sheet::ALL {
        for degrees in [-20.0, 20.0] {
            looks.look(sheet, |page, _, _| page.clone(), |page| page.tilted(degrees));
        }
    }
    looks.prove();
}

#[test]
fn with_a_crease_across_every_label_decodes() {
    let mut looks = Looks::none();
    for sheet in Sheet::ALL {
        looks.look(sheet, |page, job, number| page.creased(job, number), Page::clone);
    }
    looks.prove();
}

#[test]
fn a_long_address_makes_denser_codes_that_decode_on_the_smallest_label() {
    let url = format!("https://{}.example.org", "stock".repeat(12));
    let labels = a_full_page(Sheet::L7160);
    let folder = Folder::new();
    let pages = render(&folder, &pdf(&LabelJob::new(Sheet::L7160, &url, &labels)).unwrap());
    let mut expected: Vec<_> =
        labels.iter().map(|label| label.code.payload(label.kind, &url)).collect();
    expected.sort();
    assert_eq!(scan(&folder, &pages[0]), expected);
}
