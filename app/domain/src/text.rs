//! Text as people type it in three scripts, made comparable.
//!
//! Dari and Pashto arrive with two forms of yeh and kaf, with zero-width non-joiners, with
//! diacritics, and with three sets of digits. Search tokens and aliases go through
//! [`normalise`]; both databases then compare plain bytes.

/// Persian and Arabic digits as Latin ones; everything else unchanged.
pub fn latin_digits(text: &str) -> String {
    text.chars().map(latin_digit).collect()
}

fn latin_digit(c: char) -> char {
    let value = match c {
        '۰'..='۹' => c as u32 - '۰' as u32,
        '٠'..='٩' => c as u32 - '٠' as u32,
        _ => return c,
    };
    char::from_digit(value, 10).unwrap_or(c)
}

/// Latin digits as Persian ones, for Dari and Pashto screens.
pub fn persian_digits(text: &str) -> String {
    text.chars()
        .map(|c| match c.to_digit(10) {
            Some(value) if c.is_ascii_digit() => char::from_u32('۰' as u32 + value).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// One form for text that means the same: lower case, Latin digits, one yeh, one kaf, no
/// diacritics or joiners, single spaces.
pub fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().map(latin_digit).flat_map(char::to_lowercase) {
        match c {
            'ي' | 'ى' | 'ې' | 'ۍ' | 'ئ' | 'ے' => out.push('ی'),
            'ك' | 'ګ' => out.push(if c == 'ك' { 'ک' } else { 'گ' }),
            'أ' | 'إ' | 'آ' | 'ٱ' => out.push('ا'),
            'ؤ' => out.push('و'),
            'ة' | 'ۀ' => out.push('ه'),
            // Tatweel, diacritics, joiners and direction marks carry no meaning for search.
            'ـ' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
            // The apostrophes of transliteration: "Sar-e Pul", "Ma'ruf".
            '\'' | '’' | '‘' | 'ʼ' => {}
            c if c.is_alphanumeric() => out.push(c),
            _ => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The words of a text by which it can be found; each is searched by its beginning.
pub fn tokens(text: &str) -> Vec<String> {
    let mut words: Vec<String> = normalise(text).split(' ').map(str::to_owned).collect();
    words.retain(|word| !word.is_empty());
    words.sort();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_word_in_other_letters_is_the_same_word() {
        assert_eq!(normalise("كابل"), normalise("کابل"));
        assert_eq!(normalise("میدان\u{200c}وردک"), "میدانوردک");
        assert_eq!(normalise("  Sar-e  Pul "), "sar e pul");
        assert_eq!(normalise("M۳"), "m3");
    }

    #[test]
    fn tokens_are_words_once_each() {
        assert_eq!(tokens("Know the risks, the Risks"), ["know", "risks", "the"]);
        assert!(tokens(" – ").is_empty());
    }

    #[test]
    fn digits_go_both_ways() {
        assert_eq!(persian_digits("2,500"), "۲,۵۰۰");
        assert_eq!(latin_digits("۲٤"), "24");
    }
}
