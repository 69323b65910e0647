//! Books that are set up, and the hands that the rest of the demo works with.

use super::Told;
use super::cast::{self, Cast, Crowd};
use super::clock::{Clock, april, at};
use super::places::{self, Goods, Places, Province};
use domain::ids::{DeviceId, StoreId};
use domain::records::{Envelope, Occurred};
use domain::role::Actor;
use domain::time::{Day, Millis};
use std::sync::Arc;
use stock::access::Door;
use stock::world::World;
use stock::{Reader, Stock, Submission, Writer};
use uuid::Uuid;

pub struct Stage {
    stock: Stock,
    clock: Arc<Clock>,
    pub cast: Cast,
    pub places: Places,
    pub goods: Goods,
}

impl Stage {
    /// The programme, its people, places and materials.
    pub async fn build(stock: Stock, clock: Arc<Clock>) -> Told<Self> {
        clock.set(at(april(2), 8, 0));
        let administrator = cast::set_up(&stock).await?;
        let orgs = places::orgs(&stock, &administrator).await?;
        let partner = orgs.partner;
        let places = places::stores(&stock, &administrator, orgs).await?;
        let goods = places::goods(&stock, &administrator).await?;
        let cast = cast::gather(&stock, administrator, partner).await?;
        Ok(Self { stock, clock, cast, places, goods })
    }

    pub fn by(&self, actor: &Actor) -> Writer<'_> {
        self.stock.writer(actor)
    }

    pub fn seen_by(&self, actor: &Actor) -> Reader<'_> {
        self.stock.reader(actor)
    }

    pub fn id<T: From<Uuid>>(&self) -> T {
        self.stock.world().new_id().into()
    }

    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// It is now this time of this day in Kabul.
    pub fn it_is(&self, day: Day, hour: i64) {
        self.clock.set(at(day, hour, 0));
    }

    pub fn it_is_exactly(&self, moment: Millis) {
        self.clock.set(moment);
    }

    /// A record of this moment.
    pub fn said(&self, note: &str) -> Submission {
        self.submission(Occurred::AtDeviceTime, note)
    }

    /// A record from paper, about a day.
    pub fn said_of(&self, day: Day, note: &str) -> Submission {
        self.submission(Occurred::On(day), note)
    }

    /// The same without a note, where there are thousands.
    pub fn said_plainly(&self) -> Submission {
        self.clock.step();
        Submission::new(Envelope::typed(self.id(), Occurred::AtDeviceTime, self.now()))
    }

    fn submission(&self, occurred: Occurred, note: &str) -> Submission {
        self.clock.step();
        let note = if note.is_empty() {
            "Invented for the demo.".to_owned()
        } else {
            format!("Invented for the demo: {note}.")
        };
        let envelope = Envelope::typed(self.id(), occurred, self.now());
        Submission::new(Envelope { note: Some(note), ..envelope })
    }

    /// A phone on which somebody works, as it meets the server.
    pub async fn phone_of(&self, actor: &Actor) -> Told<DeviceId> {
        let (phone, no_session) = (self.id(), Door::Session(self.id()));
        self.stock.phone_met(actor.user, phone, no_session).await?;
        Ok(phone)
    }

    /// People of the programme or of partners who are still to get accounts.
    pub fn crowd(&self) -> Crowd<'_> {
        Crowd::new(&self.stock, self.cast.administrator.org)
    }

    pub fn keeper(&self, province: Province) -> Told<&Actor> {
        Ok(self.cast.keepers.get(&province).ok_or("a province has no keeper")?)
    }

    pub fn provincial(&self, province: Province) -> Told<StoreId> {
        Ok(*self.places.provincial.get(&province).ok_or("a province has no store")?)
    }

    pub fn field(&self, province: Province) -> Told<StoreId> {
        Ok(*self.places.field.get(&province).ok_or("the partner has no store there")?)
    }
}

/// The same after the person has been asked and said that it is so.
pub fn asked(submission: Submission) -> Submission {
    Submission { confirmed: true, ..submission }
}
