//! The people who use one phone: each opens it with a PIN, also where there is no network, and sees
//! only what is his.

use super::known::Known;
use super::outbox::Kept;
use super::pin::Tries;
use crate::ids::UserId;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// A PIN as it is kept: who reads it has to try all of them, slowly.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PinHash {
    pub salt: Vec<u8>,
    pub rounds: u32,
    pub hash: Vec<u8>,
}

/// Somebody who has signed in on this phone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Person {
    pub user: UserId,
    /// As his account shows it to himself; nothing for a link.
    pub name: String,
    /// When he last gave his password, by the server's clock.
    pub signed_in_at: Option<Millis>,
    pub pin: Option<PinHash>,
    pub tries: Tries,
}

/// What a sync says of whoever is signed in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Met {
    /// He was there before.
    Before,
    /// He has given his password since: it is he who holds the phone.
    SignedIn,
}

/// Notes whose session the phone has.
pub fn meet(people: &mut Vec<Person>, known: &Known) -> Met {
    let Known { user, ref name, signed_in_at, .. } = *known;
    let Some(person) = people.iter_mut().find(|person| person.user == user) else {
        let name = name.clone();
        people.push(Person { user, name, signed_in_at, pin: None, tries: Tries::default() });
        return Met::SignedIn;
    };
    person.name.clone_from(name);
    if signed_in_at <= person.signed_in_at {
        return Met::Before;
    }
    person.signed_in_at = signed_in_at;
    person.tries = Tries::default();
    Met::SignedIn
}

/// Whether the phone asks who it is.
pub fn is_guarded(people: &[Person]) -> bool {
    people.iter().any(|person| person.pin.is_some())
}

/// Who can open the phone: whoever has a PIN on it, and who is signed in.
pub fn may_open(people: &[Person], session: Option<UserId>) -> Vec<Person> {
    let may = |person: &&Person| person.pin.is_some() || Some(person.user) == session;
    people.iter().filter(may).cloned().collect()
}

/// Whoever cannot open the phone and has nothing on it is forgotten.
pub fn forget_people(people: &mut Vec<Person>, session: Option<UserId>, outbox: &[Kept]) {
    let opens = may_open(people, session);
    people.retain(|person| {
        opens.contains(person) || outbox.iter().any(|kept| kept.by == person.user && kept.shows())
    });
}

#[cfg(test)]
mod tests {
    use super::super::known::tests::known;
    use super::super::outbox::State;
    use super::super::outbox::tests::kept;
    use super::*;
    use uuid::Uuid;

    fn signed_in(user: u128, at: i64) -> Known {
        let user = UserId::new(Uuid::from_u128(user));
        Known { user, name: format!("Person {user}"), signed_in_at: Some(Millis(at)), ..known() }
    }

    fn with_pin(people: &mut [Person], at: usize) {
        people[at].pin = Some(PinHash { salt: vec![1], rounds: 1, hash: vec![2] });
    }

    #[test]
    fn only_a_new_log_in_proves_who_holds_the_phone() {
        let mut people = Vec::new();
        assert_eq!(meet(&mut people, &signed_in(1, 10)), Met::SignedIn);
        assert_eq!(meet(&mut people, &signed_in(1, 10)), Met::Before);
        people[0].tries = people[0].tries.one_more(Millis(0));
        assert_eq!(meet(&mut people, &signed_in(1, 20)), Met::SignedIn);
        assert_eq!(people[0].tries, Tries::default());
        // A session that was begun before is no news.
        assert_eq!(meet(&mut people, &signed_in(1, 15)), Met::Before);
        assert_eq!(people.len(), 1);
        // A link gives no password.
        let link = Known { signed_in_at: None, ..signed_in(3, 0) };
        assert_eq!(meet(&mut people, &link), Met::SignedIn);
        assert_eq!(meet(&mut people, &link), Met::Before);
    }

    #[test]
    fn the_phone_asks_as_soon_as_one_of_them_has_a_pin() {
        let mut people = Vec::new();
        meet(&mut people, &signed_in(1, 10));
        meet(&mut people, &signed_in(2, 20));
        let (first, second) = (people[0].user, people[1].user);
        assert!(!is_guarded(&people));
        with_pin(&mut people, 0);
        assert!(is_guarded(&people));
        let opens = |session| {
            let opens = may_open(&people, session);
            opens.iter().map(|person| person.user).collect::<Vec<_>>()
        };
        assert_eq!(opens(Some(second)), [first, second]);
        assert_eq!(opens(None), [first]);
    }

    #[test]
    fn whoever_has_nothing_on_the_phone_is_forgotten() {
        let mut people = Vec::new();
        for user in 1..=4 {
            meet(&mut people, &signed_in(user, 10));
        }
        let users: Vec<UserId> = people.iter().map(|person| person.user).collect();
        with_pin(&mut people, 2);
        // The first has a record that waits, the second one that is in the books.
        let of = |user: UserId, state| Kept { by: user, ..kept(1, state) };
        let outbox = [of(users[0], State::Here), of(users[1], State::Accepted)];
        forget_people(&mut people, Some(users[3]), &outbox);
        let left: Vec<UserId> = people.iter().map(|person| person.user).collect();
        assert_eq!(left, [users[0], users[2], users[3]]);
    }
}
