//! The words of the phone's page. They are part of the page that the browser keeps: without a
//! network there is nobody to ask for them.

use serde::{Deserialize, Serialize};

macro_rules! words {
    (
        plain { $($plain:ident),+ $(,)? }
        filled { $($filled:ident($($place:ident),+)),+ $(,)? }
        lists { $($list:ident),+ $(,)? }
    ) => {
        /// Every text, in the order of [`Word`], and every list; `{n}` and its like are filled in on
        /// the phone. Without names in it, because reading them takes half as much of the program
        /// that a phone loads as all the screens.
        #[derive(Clone, Debug, Serialize, Deserialize)]
        pub struct FieldWords {
            texts: Vec<String>,
            /// Each word with what the books call it.
            lists: Vec<Vec<(String, String)>>,
        }

        #[allow(non_camel_case_types, reason = "the keys of the catalogue")]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Word { $($plain,)+ $($filled),+ }

        #[allow(non_camel_case_types, reason = "the names of the lists")]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum WordList { $($list),+ }

        #[cfg(feature = "ssr")]
        impl FieldWords {
            pub fn of(l: crate::i18n::Locale) -> Self {
                use crate::i18n::td_string;
                Self {
                    texts: vec![
                        $(td_string!(l, field.$plain).to_string(),)+
                        $(td_string!(
                            l,
                            field.$filled,
                            $($place = concat!("{", stringify!($place), "}")),+
                        )),+
                    ],
                    lists: vec![$(super::page::$list(l)),+],
                }
            }
        }
    };
}

words! {
    plain {
        log_in, log_in_first, log_in_again, of_others, no_store, store_full,
        all_sent, never_synced, sending, no_network, no_answer, send_now, newer, use_newer,
        events, no_events, today, coming, nothing_coming, count_it, stock, no_stock,
        of_books, more, back, home, scan, code, look_up, typed_code, batch_of, stopped,
        in_sheet, records, no_records, state_here, state_sent, state_asked, state_refused,
        delete, delete_sure, deleted, keep_it, save_copy, job_sheet, job_drop, job_received,
        job_damaged, job_lost, job_found, kept, keep,
        anyway, brought, left, spoiled, cartons, bundles, loose, in_cartons, given_how,
        to_participants, to_multipliers, to_public, who, which_place, choose, add_material,
        who_came, counts_only, women, men, girls, boys, groups, codes_read, no_such_event,
        no_such_consignment, store, place, material, batch, quantity, places_n, why,
        sealed_cartons, loose_good, loose_damaged, damage_why, rest, rest_nothing,
        rest_coming, wrong_title, not_a_number, too_many, needed, choose_one, nothing_said,
        more_than_brought, no_camera, camera_refused, other_code,
        open_sheet,
    }
    filled {
        waiting(n), oldest(when), last_sync(when), pieces(n), unknown_code(code),
        carton_of(n), refused_because(why), sheet_of(number), given(n), carton_size(n),
        split_differs(split, given), books_less(n, what), wrong_code(code), read_again(code), read_now(what),
    }
    lists {
        multipliers, public_places, groups_there, sessions, damage_reasons, loss_reasons,
        find_reasons,
    }
}

#[cfg(feature = "hydrate")]
impl FieldWords {
    pub fn text(&self, word: Word) -> String {
        self.texts.get(word as usize).cloned().unwrap_or_default()
    }

    pub fn list(&self, list: WordList) -> Vec<(String, String)> {
        self.lists.get(list as usize).cloned().unwrap_or_default()
    }
}

/// Puts `value` where the template names it.
#[cfg(feature = "hydrate")]
pub fn fill(template: &str, name: &str, value: &str) -> String {
    template.replace(&format!("{{{name}}}"), value)
}
