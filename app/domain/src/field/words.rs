//! The words of the phone's page: which there are, and the form in which the page brings them along.
//! Without a network there is nobody to ask for them; what they say stands in the catalogue.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($word:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[allow(non_camel_case_types, reason = "the keys of the catalogue")]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $name { $($word),+ }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$word),+];
        }
    };
}

words!(
    /// A text; `{n}` and its like are filled in on the phone.
    Word {
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
        pin_forgotten, no_pin, file_ready, left_out, closed, pin_wait, pin_of, entered_by,
        waiting, oldest, last_sync, pieces, unknown_code, carton_of, refused_because, sheet_of,
        given, carton_size, split_differs, books_less, wrong_code, read_again, not_taken, asked,
        on_its_day, other_programme,
    }
);

words!(
    /// What the books and the screens call each of some things.
    WordList {
        multipliers, public_places, groups_there, sessions, damage_reasons, loss_reasons,
        find_reasons,
    }
);

/// All of them in one language, in the order in which they stand above.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FieldWords {
    texts: Vec<String>,
    lists: Vec<Named>,
}

/// Each word of the books with what people call it.
pub type Named = Vec<(String, String)>;

impl FieldWords {
    pub fn new(text: impl Fn(Word) -> String, list: impl Fn(WordList) -> Named) -> Self {
        Self {
            texts: Word::ALL.iter().copied().map(text).collect(),
            lists: WordList::ALL.iter().copied().map(list).collect(),
        }
    }

    pub fn text(&self, word: Word) -> String {
        self.texts.get(word as usize).cloned().unwrap_or_default()
    }

    pub fn list(&self, list: WordList) -> Named {
        self.lists.get(list as usize).cloned().unwrap_or_default()
    }
}

/// Puts `value` where the template names it.
pub fn fill(template: &str, name: &str, value: &str) -> String {
    template.replace(&format!("{{{name}}}"), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_again_under_its_own_name() {
        let words = FieldWords::new(
            |word| format!("{word:?}"),
            |list| vec![(String::new(), format!("{list:?}"))],
        );
        for word in Word::ALL {
            assert_eq!(words.text(*word), format!("{word:?}"));
        }
        for list in WordList::ALL {
            assert_eq!(words.list(*list)[0].1, format!("{list:?}"));
        }
    }

    #[test]
    fn a_template_gets_what_it_names() {
        assert_eq!(fill("{n} of {all}", "n", "3"), "3 of {all}");
    }
}
