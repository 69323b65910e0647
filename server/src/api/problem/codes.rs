//! Every code that the API answers with. Codes are kept for ever; the sentences may get better.

use axum::http::StatusCode;

macro_rules! codes {
    ($($name:ident $status:literal $word:literal $title:literal, $to_do:literal;)+) => {
        /// What is wrong with a request.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum Code {
            $($name,)+
        }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable word.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            pub fn status(self) -> StatusCode {
                let status: u16 = match self {
                    $(Self::$name => $status,)+
                };
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }

            /// What it is, in a few words.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)+
                }
            }

            /// What to do about it, in one sentence.
            pub const fn to_do(self) -> &'static str {
                match self {
                    $(Self::$name => $to_do,)+
                }
            }
        }
    };
}

codes! {
    // Requests.
    BrokenUtf8 400 "broken_utf8" "The text is not UTF-8",
        "Send the body as UTF-8.";
    BrokenJson 400 "broken_json" "The body is not JSON",
        "Send one whole JSON value; line and column say where reading stopped.";
    BrokenBody 400 "broken_body" "The body ended too early",
        "Send the request again.";
    WrongCursor 400 "wrong_cursor" "The cursor is not one that this list gave out",
        "Send `next` of the page before, unchanged, or no cursor.";
    WrongParameter 400 "wrong_parameter" "A parameter cannot be read",
        "Send the parameter in the form that the documentation gives.";
    Unauthenticated 401 "unauthenticated" "No valid token or session",
        "Send `Authorization: Bearer TOKEN` with a token that has not ended; people make them \
         under Account, Tokens.";
    ReadOnlyToken 403 "read_only_token" "This token only reads",
        "Use a token that was made for reading and writing.";
    NotAllowed 403 "not_allowed" "The role does not include this",
        "Ask an administrator for the permission that is named, or let somebody who has it do it.";
    OtherSite 403 "other_site" "The request came from another web site",
        "Send it from this site, or from a program with a token.";
    NotFound 404 "not_found" "There is no such thing here",
        "Check the id; what belongs to others answers like what does not exist.";
    UnknownRoute 404 "unknown_route" "The API has no such address",
        "Look the address up in the documentation at /api/v1/docs/.";
    MethodNotAllowed 405 "method_not_allowed" "The address does not take this method",
        "Look the method up in the documentation at /api/v1/docs/.";
    TooLarge 413 "too_large" "The body is too large",
        "Send at most 6 MB; split records over several requests.";
    WrongMediaType 415 "wrong_media_type" "The body is not sent as JSON",
        "Send `Content-Type: application/json`, as it is or with `Content-Encoding: gzip`.";
    WrongShape 422 "wrong_shape" "The JSON does not have the shape that is asked for",
        "Compare it with the example in the documentation; `reason` says where they differ.";
    UnknownField 422 "unknown_field" "A field is not known here",
        "Leave the field out or correct its name: what it says would be lost.";
    TooManyRequests 429 "too_many_requests" "Too many requests",
        "Wait as many seconds as `Retry-After` says, then send the same request again.";
    Internal 500 "internal" "Something broke on our side",
        "Send the same request again; if it stays like this, give the administrator the \
         x-request-id of the answer.";
    TooSlow 503 "too_slow" "The answer took too long",
        "Wait a little and send the same request again.";
    OutOfReach 503 "out_of_reach" "The books cannot be reached at the moment",
        "Wait for the seconds of `Retry-After` and send the same request again: a record counts \
         once, also if it came through.";
    StorageFull 507 "storage_full" "There is no room left to write",
        "Tell the administrator that the disk is full; nothing was changed.";

    // Records.
    Conflict 409 "conflict" "This id came before with other content",
        "Give a new statement a new id; correct the earlier one by a record of its own.";
    HeldDropped 409 "held_dropped" "It was held, and somebody decided that it does not count",
        "Nothing is left to do; when it is so all the same, say it anew with a new id.";
    NeedsConfirmation 409 "needs_confirmation" "Somebody must look at this once",
        "Show `asks` to a person; when it is so all the same, send the same again with \
         `confirmed: true`.";
    Future 422 "future" "It is dated in the future",
        "Check the date and the clock of the device.";
    WrongTime 422 "wrong_time" "A date or time cannot be read, or lies before the year 2000",
        "Write times as 2017-06-15T14:05:00+04:30 and dates as 2017-06-15; check the clock of \
         the device.";
    UnknownKind 422 "unknown_kind" "There is no such kind of record",
        "Use one of the kinds that the documentation lists.";
    UnknownCode 422 "unknown_code" "The books do not know this code yet",
        "Keep the record and send it again later: `label` may be of something that others have \
         still to write down.";
    UnknownSchema 422 "unknown_schema" "This schema of the record is not known",
        "Send the newest schema that this server knows, or bring the server up to date.";
    NoteTooLong 422 "note_too_long" "The note is too long",
        "Shorten the note to 2,000 characters.";
    NoRecords 422 "no_records" "The list holds no record",
        "Send at least one record.";
    TooManyRecords 422 "too_many_records" "More than 100 records at once",
        "Send at most 100 records in one request.";
    Empty 422 "empty" "Nothing was entered",
        "Name at least one thing that happened.";
    TooManyPieces 422 "too_many_pieces" "More than 1,000,000,000 pieces",
        "Check the quantities: a line holds at most 1,000,000,000 pieces.";
    WrongQuantity 422 "wrong_quantity" "A quantity is out of range",
        "Send whole pieces from 0 to 1,000,000,000.";
    TooManyPacks 422 "too_many_packs" "More labels than one record makes",
        "Split it into several records of at most 10,000 packs.";
    WrongAccounts 422 "wrong_accounts" "Pieces do not go that way",
        "Choose accounts between which this kind of movement goes.";
    Short 422 "short" "The books do not hold enough",
        "`shortages` says what there is; correct it, or record first how the pieces came.";
    SettlesTooMuch 422 "settles_too_much" "Fewer pieces are unexplained",
        "Settle at most the pieces that `open` names.";
    BatchTwice 422 "batch_twice" "A batch stands on two lines",
        "Add the two lines up.";
    NoWitness 422 "no_witness" "Destruction needs two witnesses and a certificate",
        "Name two different witness roles, never names, and the number of the certificate.";
    OwnRecord 422 "own_record" "Another person has to do this",
        "Let somebody else confirm or approve what you recorded.";
    AlreadyDecided 422 "already_decided" "This was decided before",
        "Nothing is left to do; read it again.";
    SameMoment 422 "same_moment" "Another count of this batch stands at this moment",
        "Date the count a little later, or correct the other one.";
    NothingToConfirm 422 "nothing_to_confirm" "This needs no second person",
        "Nothing is left to do; read it again.";
    AlreadyReversed 422 "already_reversed" "The movement was reversed before",
        "Leave the movement out.";
    NotReversible 422 "not_reversible" "The movement is not reversible",
        "Enter the fact again instead of reversing a reversal.";
    BuiltOn 422 "built_on" "Somebody else has built on this",
        "Let a manager who is not the author reverse it.";
    ReverseFirst 422 "reverse_first" "Later movements use these pieces",
        "Send one `reverse` with all `movements` that are named, to undo them together.";
    AlreadyRecalled 422 "already_recalled" "The edition is recalled already",
        "Add steps to the recall that is open.";
    RecallOver 422 "recall_over" "The recall is over",
        "Recall the edition again if it has to be.";
    EmptyRow 422 "empty_row" "A row has no pieces",
        "Leave the row out or give it cartons or loose pieces; `row` counts from 1.";
    UnknownMaterial 422 "unknown_material" "There is no such material in use",
        "Choose a material from /api/v1/materials.";
    UnknownBatch 422 "unknown_batch" "There is no such batch",
        "Read the batch off its label again.";
    NotIssued 422 "not_issued" "A label was not issued for this run or is used",
        "Scan the labels of this run that are still unused.";
    LabelsNotUnused 409 "labels_not_unused" "Some labels are no unused labels of this run",
        "Read the labels of the run again and name those that are still unused.";
    ScannedTwice 422 "scanned_twice" "A label was scanned twice",
        "Name each label once.";
    LabelDoesNotFit 422 "label_does_not_fit" "No carton has the pieces that its label says",
        "Correct the cartons or leave the label out.";
    MoreLabelsThanCartons 422 "more_labels_than_cartons" "More labels than cartons",
        "Name a label for each carton at most.";
    RunClosed 422 "run_closed" "The print run is closed",
        "Nothing is left to do; a delivery would open it again.";
    RowsDoNotAddUp 422 "rows_do_not_add_up" "Rows of the sheet do not add up",
        "Correct the rows that are named: brought = left + spoiled + given, and given is split by \
         channel.";
    UnknownSession 422 "unknown_session" "The event has no such session",
        "Choose a session of the event.";
    UnknownPlace 422 "unknown_place" "There is no such place in use",
        "Choose a province or district from /api/v1/provinces.";
    NotCorrectable 422 "not_correctable" "The statement cannot be corrected",
        "Correct the latest statement of the same event.";
    SheetNotWaiting 422 "sheet_not_waiting" "The sheet does not wait for a decision",
        "Nothing is left to do; read the event again.";
    WrongDecision 422 "wrong_decision" "This decision does not fit the sheet",
        "A kept sheet is `same`, `correction` or `both_happened`; a held one `post_now` or `same`.";
    StillHeld 422 "still_held" "The sheet still cannot be booked",
        "Make the material or label that `held` names known first.";
    NotDraft 422 "not_draft" "The consignment is no longer a draft",
        "Begin a new consignment; this one is in the state that is named.";
    DraftChanged 422 "draft_changed" "The draft says something else",
        "Read the consignment again and dispatch what stands there.";
    Blocked 422 "blocked" "Some batches may not be sent",
        "Take the batches that are named off: they are on hold or recalled.";
    PacksGone 422 "packs_gone" "Some packs are no longer sealed in the store",
        "Take the packs that are named off the draft.";
    NotUnderWay 422 "not_under_way" "The consignment is not in transit",
        "It is in the state that is named; read it again.";
    DamageReasonMissing 422 "damage_reason_missing" "Damaged pieces need a reason",
        "Say on the line of the batch what the damage was.";
    BeforeDispatch 422 "before_dispatch" "It is dated before the consignment left",
        "Date it on the day on which it left or later.";
    SenderReceives 422 "sender_receives" "Who dispatched it does not receive it",
        "Let somebody else count, or pass on what the receiver said with `on_behalf_of`.";
    WrongOrganisation 422 "wrong_organisation" "This is not said in the place of that organisation",
        "Name the organisation that keeps the (receiving) store or holds the event in \
         `on_behalf_of`, and leave it out for your own.";
    HoldsNoEvents 422 "holds_no_events" "Printers and donors hold no events",
        "Name the partner who holds it, or the programme.";
    StoreOfOthers 422 "store_of_others" "The store belongs to another partner than the event",
        "Name a store of the organisation that holds the event, or of the programme.";
    AlreadyReceived 422 "already_received" "Something was received before",
        "Look at the deliveries that are named; if this one comes on top, name them in `besides`.";
    NotCounted 422 "not_counted" "Nothing was received yet",
        "Record the delivery first.";
    NoDifference 422 "no_difference" "There is no such difference",
        "Read the consignment again and name a difference that it has.";
    WrongStore 422 "wrong_store" "The pieces cannot have gone to that store",
        "Name a store in use that is neither sender nor receiver.";
    NoPaper 422 "no_paper" "There is no signed paper of it",
        "Wait until the consignment has left.";
    PackGone 422 "pack_gone" "The pack is empty, voided or has not come",
        "Read the pack again; it is in the state that is named.";
    PackNotInStore 422 "pack_not_in_store" "The pack is not in a store",
        "Say on the waybill or the event sheet what happened to it.";
    OtherRun 422 "other_run" "A batch is of another print run",
        "Hand back the batches of one run at a time, to the run that they are from.";
    BeforeArrival 422 "before_arrival" "It is dated before the batch or pack arrived",
        "Date it on the day on which it arrived or later.";
    NothingToCheck 409 "nothing_to_check" "Nobody has to look for this pack",
        "Read the pack again; it is in the state that is named.";
    NoRoomForPack 409 "no_room_for_pack" "The books hold too few pieces there for a sealed pack",
        "Count the store first: `unpacked` pieces lie in no sealed pack there.";
    NotACarton 422 "not_a_carton" "Only a carton is split into bundles",
        "Open the bundle instead.";
    HasBundles 422 "has_bundles" "The carton holds labelled bundles",
        "Open the carton instead of splitting it.";
    FutureMonth 422 "future_month" "The month lies in the future",
        "Report figures of months that have begun.";

    // Codes on labels.
    CodeLength 422 "code_length" "A code has 11 characters",
        "Read the label again.";
    CodeCharacter 422 "code_character" "A code has only letters and digits",
        "Read the label again.";
    CodeCheck 422 "code_check" "The last character does not fit the others",
        "One character was misread or mistyped: read the label again.";

    // Documents.
    SavedBefore 409 "saved_before" "This id was already saved with other content",
        "Give a new thing a new id, or change the existing one.";
    ChangedMeanwhile 409 "changed_meanwhile" "Somebody else saved it in between",
        "Read it again and send your change with its new version.";
    DuplicateName 422 "duplicate_name" "The name is taken",
        "Choose another name, or use the thing that has it.";
    DuplicateNumber 422 "duplicate_number" "The short name or number is taken",
        "Choose another short name or number.";
    DuplicateEdition 422 "duplicate_edition" "This edition exists in this language",
        "Use the material that exists, or name another edition.";
    MaterialTwice 422 "material_twice" "A material stands on two lines",
        "Add the two lines up.";
    InUse 422 "in_use" "Other things depend on it",
        "Retire first what stands below it, or wait until its stock has gone.";
    UnknownProvince 422 "unknown_province" "There is no such province",
        "Choose a province from /api/v1/provinces.";
    Circle 422 "circle" "It would come before itself",
        "Choose something else above it or after it.";
    UnknownOrganisation 422 "unknown_organisation" "There is no such organisation in use",
        "Choose an organisation from /api/v1/organisations.";
    UnknownStore 422 "unknown_store" "There is no such store in use",
        "Choose a store from /api/v1/stores.";
    UnknownKit 422 "unknown_kit" "There is no such kit in use",
        "Choose a kit from /api/v1/kits.";
    UnknownEventType 422 "unknown_event_type" "There is no such event type in use",
        "Choose a type from /api/v1/event-types.";
    SameStore 422 "same_store" "Sender and receiver are the same store",
        "Choose two stores.";
    OtherTrip 422 "other_trip" "The other consignment is not a draft of the same store",
        "Name a draft of the same store, or give the journey its own driver.";
    CodesNotLoadable 422 "codes_not_loadable" "Some labels cannot be loaded",
        "Nothing was added; `codes` says why for each label.";
    Lacking 422 "lacking" "The store does not have enough",
        "Nothing was added; `materials` says what can be sent.";
    TooFarAhead 422 "too_far_ahead" "It lies more than five years ahead",
        "Check the year.";
    DueBeforeOrdered 422 "due_before_ordered" "It is due before it is ordered",
        "Correct one of the two dates.";
    HasRecords 422 "has_records" "Something was recorded about it",
        "Leave store, organisation and sessions as they are.";
    Received 422 "received" "Something of it has arrived",
        "The order is history now: make another run for what changes.";
    Cancelled 422 "cancelled" "It was cancelled",
        "Plan another event.";
    TookPlace 422 "took_place" "It took place",
        "Correct its sheet instead of cancelling it.";
    StockThere 422 "stock_there" "Pieces are still there",
        "Bring them back first.";
    WrongPeople 422 "wrong_people" "Not a number of people",
        "Send a whole number from 0 to 1,000,000,000; at most 1,000,000 are expected at an event.";

    // Letters.
    NotALetter 422 "not_a_letter" "This is not the file of a phone, or a part of it is missing",
        "Send the whole file, as the phone made it.";
    OtherServer 422 "other_server" "The file was written to another server",
        "Send it to the programme at which the phone was logged in.";
    LetterDamaged 422 "letter_damaged" "The file is damaged",
        "Get it once more from the phone that made it.";
    UnknownPhone 422 "unknown_phone" "The server does not know the phone that signed this",
        "Let its author log in on that phone while there is a network; the phone then sends it.";
    WrongSignature 422 "wrong_signature" "The signature is not its author's",
        "Get the file once more from the phone that made it.";
    AuthorLeft 422 "author_left" "The account of who said this is closed",
        "Have it entered from paper by somebody of the same organisation.";
    NotAKey 422 "not_a_key" "The key is not a public key on P-256",
        "Send 65 bytes in hexadecimal digits: `04`, then both coordinates.";
    KeyOfAnother 409 "key_of_another" "The key belongs to another account or phone",
        "Make a key of its own for each account on each phone.";
}
