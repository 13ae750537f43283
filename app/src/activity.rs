//! From a row of the log to a sentence in plain words. A new kind is one line of `SENTENCES`; one that is
//! not there yet still shows, by its own name.

use Mood::{Good, Plain, Seen, Warning};

use crate::api::team::{Activity, ActorKind};

/// How a row looks beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// As most rows.
    Plain,
    /// Money came, or something was won.
    Good,
    /// Somebody has looked.
    Seen,
    /// Something was refused.
    Warning,
}

/// Kind, mood, sentence. In a sentence, `{who}` did it; `{client}`, `{contact}` and `{invoice}` are what it is
/// about, and `{detail}` is a word more. What stands in brackets is left out where that word is missing.
const SENTENCES: [(&str, Mood, &str); 72] = [
    ("portal.link_requested", Plain, "{who} asked for a sign-in link[ of {client}]"),
    ("portal.link_refused", Warning, "{who} asked for a sign-in link[ of {client}] and got none[: {detail}]"),
    ("portal.signed_in", Plain, "{who} signed in to the portal[ of {client}]"),
    ("portal.signed_out", Plain, "{who} signed out of the portal[ of {client}]"),
    ("portal.session_ended", Plain, "{who} ended another session[ of {client}]"),
    ("portal.invoice_viewed", Seen, "{who} opened {invoice}[ of {client}]"),
    ("portal.invoice_downloaded", Seen, "{who} took {invoice}[ of {client}] as PDF"),
    ("portal.receipt_downloaded", Seen, "{who} took a receipt for {invoice}[ of {client}] as PDF"),
    ("portal.statement_downloaded", Seen, "{who} took a statement of account[ of {client}] as a file"),
    ("portal.paid", Good, "{who} paid {invoice}[ of {client}]"),
    ("portal.previewed", Plain, "{who} looked at the portal as {client} sees it"),
    ("invoice.drafted", Plain, "{who} began {invoice}[ for {client}]"),
    ("invoice.draft_deleted", Plain, "{who} deleted a draft[ for {client}][: {detail}]"),
    ("invoice.sent", Plain, "{who} sent {invoice}[ to {client}]"),
    ("invoice.reminded", Plain, "{who} reminded {client} of {invoice}"),
    ("invoice.viewed_by_link", Seen, "{who} opened {invoice}[ of {client}] by its link"),
    ("invoice.voided", Warning, "{who} cancelled {invoice}[ of {client}]"),
    ("share.viewed", Seen, "{who} opened {invoice}[ of {client}] by its link"),
    ("share_link.replaced", Plain, "{who} replaced the link to {invoice}[ of {client}]"),
    ("share_link.revoked", Plain, "{who} switched off the link to {invoice}[ of {client}]"),
    ("payment.recorded", Good, "{who} recorded a payment for {invoice}[ of {client}][, {detail}]"),
    ("payment.reversed", Warning, "{who} took back a payment for {invoice}[ of {client}][, {detail}]"),
    ("payment.receipt_sent", Plain, "{who} sent a receipt for {invoice}[ to {client}]"),
    ("payment.paid_by_link", Good, "{who} paid {invoice}[ of {client}] by its link"),
    ("payment.begun", Plain, "{who} began to pay {invoice}[ of {client}]; the bank takes a few days"),
    (
        "payment.failed",
        Warning,
        "A payment for {invoice}[ of {client}] did not go through; nothing was taken",
    ),
    ("payment.unexpected", Warning, "More than was due came for {invoice}[ of {client}][ ({detail})]"),
    ("payment.refunded", Plain, "A payment for {invoice}[ of {client}] was given back"),
    (
        "payment.refund_failed",
        Warning,
        "Giving a payment for {invoice}[ of {client}] back did not go through",
    ),
    ("payment.disputed", Warning, "The payer’s bank took a payment for {invoice}[ of {client}] back"),
    (
        "payment.dispute_won",
        Good,
        "The dispute about {invoice}[ of {client}] was decided for you, and the money is back",
    ),
    ("org.stripe_connected", Good, "{who} connected a Stripe account"),
    ("org.stripe_disconnected", Warning, "The Stripe account was disconnected[ by {detail}]"),
    ("org.stripe_changed", Plain, "Stripe changed what the account can do[: {detail}]"),
    ("org.token_made", Warning, "{who} made an API token[: {detail}]"),
    ("org.token_revoked", Plain, "{who} revoked an API token[: {detail}]"),
    ("org.document_trusted", Plain, "{who} added a trusted document[: {detail}]"),
    ("org.document_distrusted", Plain, "{who} removed a trusted document[: {detail}]"),
    ("org.webhook_added", Plain, "{who} added a webhook[ at {detail}]"),
    ("org.webhook_changed", Plain, "{who} changed the webhook[ at {detail}]"),
    ("org.webhook_enabled", Plain, "{who} switched on the webhook[ at {detail}]"),
    ("org.webhook_disabled", Warning, "The webhook[ at {detail}] was switched off"),
    ("org.webhook_removed", Plain, "{who} removed the webhook[ at {detail}]"),
    ("invoice.part_allowed", Plain, "{who} switched part payment of {invoice}[ of {client}][ {detail}]"),
    ("client.added", Plain, "{who} added {client}"),
    ("client.changed", Plain, "{who} changed {client}"),
    ("client.archived", Plain, "{who} archived {client}"),
    ("client.restored", Plain, "{who} took {client} back from the archive"),
    ("clients.imported", Plain, "{who} imported clients[: {detail}]"),
    ("contact.added", Plain, "{who} added {contact}[ to {client}]"),
    ("contact.changed", Plain, "{who} changed {contact}[ of {client}]"),
    ("contact.removed", Plain, "{who} removed {contact}[ from {client}]"),
    ("contact.portal_access_on", Good, "{who} switched on portal access for {contact}[ of {client}]"),
    ("contact.portal_access_off", Plain, "{who} switched off portal access for {contact}[ of {client}]"),
    ("contact.sessions_ended", Plain, "{who} ended the portal sessions of {contact}[ of {client}]"),
    ("team.signed_up", Good, "{who} signed up and made the organisation"),
    ("team.signed_in", Plain, "{who} signed in"),
    ("team.sign_in_refused", Warning, "Somebody typed a wrong password for {who}"),
    ("team.signed_out", Plain, "{who} signed out"),
    ("team.password_changed", Plain, "{who} changed their password"),
    ("team.address_changed", Plain, "{who} changed their address[ to {detail}]"),
    ("member.invited", Plain, "{who} invited [{detail} ]to the team"),
    ("member.joined", Good, "{who} joined the team[ as {detail}]"),
    ("member.role_changed", Plain, "{who} changed a role in the team[: {detail}]"),
    ("member.removed", Plain, "{who} removed [{detail} ]from the team"),
    ("member.invitation_revoked", Plain, "{who} took back the invitation[ of {detail}]"),
    ("org.changed", Plain, "{who} changed the settings"),
    ("org.plan_changed", Plain, "{who} changed the plan[ to {detail}]"),
    ("org.logo_changed", Plain, "{who} changed the logo"),
    ("invoice.duplicated", Plain, "{who} copied {invoice}[ of {client}] to a new draft"),
    ("invoice.changed", Plain, "{who} changed {invoice}[ of {client}]"),
    (
        "security.tenant_mismatch",
        Warning,
        "A row of another organisation was held back. Tell whoever runs this server",
    ),
];

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words of ours.
    Words(String),
    /// Who did it.
    Who(String),
    /// A client: id and name.
    Client(String, String),
    /// A contact: who was removed has no page of their own any more, so there is no link.
    Contact(String),
    /// An invoice: id and number.
    Invoice(Option<String>, String),
    /// A word more.
    Detail(String),
}

impl Part {
    /// The part as text.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Words(text)
            | Self::Who(text)
            | Self::Client(_, text)
            | Self::Contact(text)
            | Self::Invoice(_, text)
            | Self::Detail(text) => text,
        }
    }
}

/// Every kind that has a sentence, for tests.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    SENTENCES.into_iter().map(|(kind, ..)| kind)
}

/// How a row looks beside others.
#[must_use]
pub fn mood(row: &Activity) -> Mood {
    SENTENCES.into_iter().find(|(kind, ..)| *kind == row.kind).map_or(Plain, |(_, mood, _)| mood)
}

/// The sentence of a row, in parts.
#[must_use]
pub fn sentence(row: &Activity) -> Vec<Part> {
    if let Some((.., template)) = SENTENCES.into_iter().find(|(kind, ..)| *kind == row.kind) {
        return fill(template, row);
    }
    let mut parts = fill("{who}: ", row);
    parts.push(Part::Words(row.kind.replace(['.', '_'], " ")));
    parts.extend(fill("[ {known invoice}][ of {client}][, {detail}]", row));
    parts
}

/// The sentence of a row as plain text.
#[must_use]
pub fn plain(row: &Activity) -> String {
    sentence(row).iter().map(Part::text).collect()
}

fn fill(template: &str, row: &Activity) -> Vec<Part> {
    let mut parts = vec![];
    for piece in template.split_inclusive(']') {
        let (always, optional) = match piece.split_once('[') {
            Some((always, optional)) => (always, Some(optional.trim_end_matches(']'))),
            None => (piece, None),
        };
        parts.extend(words(always, row).unwrap_or_default());
        parts.extend(optional.and_then(|optional| words(optional, row)).unwrap_or_default());
    }
    parts
}

/// `None` where a word is missing.
fn words(template: &str, row: &Activity) -> Option<Vec<Part>> {
    let mut parts = vec![];
    for piece in template.split_inclusive('}') {
        let (text, hole) = match piece.split_once('{') {
            Some((text, hole)) => (text, Some(hole.trim_end_matches('}'))),
            None => (piece, None),
        };
        if !text.is_empty() {
            parts.push(Part::Words(text.to_owned()));
        }
        if let Some(hole) = hole {
            parts.push(part(hole, row)?);
        }
    }
    Some(parts)
}

fn part(hole: &str, row: &Activity) -> Option<Part> {
    match hole {
        "who" => Some(Part::Who(who(row))),
        "client" => {
            let name = row.client_name.clone().unwrap_or_else(|| "a client".to_owned());
            row.client_id.clone().map(|id| Part::Client(id, name))
        }
        "contact" => Some(Part::Contact(row.contact_name.clone().unwrap_or_else(|| "a contact".to_owned()))),
        "known invoice" if row.invoice_id.is_none() => None,
        "invoice" | "known invoice" => Some(Part::Invoice(
            row.invoice_id.clone(),
            match (&row.invoice_number, &row.invoice_id) {
                (Some(number), _) => number.clone(),
                (None, Some(_)) => "a draft".to_owned(),
                (None, None) => "an invoice".to_owned(),
            },
        )),
        _ => (!row.detail.is_empty()).then(|| Part::Detail(detail(&row.detail).to_owned())),
    }
}

fn who(row: &Activity) -> String {
    match (row.by_viewer, row.actor_name.as_str(), row.actor_kind) {
        (true, ..) if row.kind == "team.sign_in_refused" => "you".to_owned(),
        (true, ..) => "You".to_owned(),
        (_, "", ActorKind::System) => "The system".to_owned(),
        (_, "Operator", ActorKind::System) => "The operator".to_owned(),
        (_, "", _) => "Somebody".to_owned(),
        (_, name, _) => name.to_owned(),
    }
}

/// Words of the database as people say them.
fn detail(word: &str) -> &str {
    match word {
        "bank_transfer" => "by bank transfer",
        "cash" => "in cash",
        "card" => "by card",
        "other" => "in another way",
        "free" => "Free",
        "studio" => "Studio",
        "agency" => "Agency",
        "access is off" => "their portal access is off",
        "over the limit" => "there were too many requests",
        "too many spellings" => "their address is written in too many ways",
        word => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: &str, detail: &str) -> Activity {
        Activity {
            at: "2026-03-01T12:00:00Z".parse().unwrap(),
            kind: kind.to_owned(),
            actor_kind: ActorKind::Member,
            actor_name: "Mara".to_owned(),
            by_viewer: false,
            client_id: Some("1".to_owned()),
            client_name: Some("Harbour Books".to_owned()),
            contact_id: Some("2".to_owned()),
            contact_name: Some("Ines Duarte".to_owned()),
            invoice_id: Some("3".to_owned()),
            invoice_number: Some("JF-7".to_owned()),
            detail: detail.to_owned(),
            browser: String::new(),
            ip_short: String::new(),
        }
    }

    #[test]
    fn a_sentence_says_who_did_what_about_what() {
        for (kind, detail, said) in [
            ("payment.recorded", "cash", "Mara recorded a payment for JF-7 of Harbour Books, in cash"),
            ("contact.added", "", "Mara added Ines Duarte to Harbour Books"),
            ("org.plan_changed", "studio", "Mara changed the plan to Studio"),
            ("member.invited", "jo@x.test", "Mara invited jo@x.test to the team"),
            ("team.sign_in_refused", "", "Somebody typed a wrong password for Mara"),
            ("invoice.frozen_solid", "why", "Mara: invoice frozen solid JF-7 of Harbour Books, why"),
        ] {
            assert_eq!(plain(&row(kind, detail)), said);
        }
    }

    #[test]
    fn what_is_missing_is_left_out() {
        let bare = |kind: &str| Activity {
            client_id: None,
            client_name: None,
            invoice_id: None,
            invoice_number: None,
            actor_name: String::new(),
            ..row(kind, "")
        };
        assert_eq!(plain(&bare("invoice.sent")), "Somebody sent an invoice");
        assert_eq!(plain(&bare("unknown")), "Somebody: unknown");
        assert_eq!(plain(&Activity { by_viewer: true, ..bare("org.changed") }), "You changed the settings");
        let draft = Activity { invoice_number: None, ..row("invoice.drafted", "") };
        assert_eq!(plain(&draft), "Mara began a draft for Harbour Books");
    }

    #[test]
    fn every_sentence_can_be_read() {
        for (kind, _, template) in SENTENCES {
            let said = plain(&row(kind, "word"));
            assert!(!said.contains(['{', '[', '}', ']']) && !template.ends_with('.'), "{said}");
        }
        let kinds: std::collections::BTreeSet<&str> = kinds().collect();
        assert_eq!(kinds.len(), SENTENCES.len());
    }
}
