//! The org's append-only log (rules A1, A2). A row is written in the same transaction as what it
//! tells of.

use chrono::{DateTime, Utc};

use super::db::{Conn, execute};
use crate::{
    auth::actor::{GuestActor, PortalActor, TeamActor},
    error::Result,
    id::{ActivityId, ClientId, ContactId, InvoiceId, MemberId, OrgId},
};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityKind {
    /// A link was asked for and mailed.
    LinkRequested,
    /// A link was asked for by a known contact and not mailed; the detail says why.
    LinkRefused,
    /// A contact signed in.
    SignedIn,
    /// A contact signed out.
    SignedOut,
    /// A contact ended a session from another one.
    SessionEnded,
    /// A contact opened an invoice.
    InvoiceViewed,
    /// A contact took an invoice as a file.
    InvoiceDownloaded,
    /// A contact took the receipt for a payment on an invoice.
    ReceiptDownloaded,
    /// A contact took a statement of account as a file.
    StatementDownloaded,
    /// A contact paid in the portal.
    Paid,
    /// A row of another tenant was about to leave the store, and did not.
    TenantMismatch,
    /// A person signed up and made the org.
    SignedUp,
    /// A member signed in.
    TeamSignedIn,
    /// Somebody typed a wrong password for a member.
    TeamSignInRefused,
    /// A member signed out.
    TeamSignedOut,
    /// A client was added.
    ClientAdded,
    /// A client was changed.
    ClientChanged,
    /// A client was put away.
    ClientArchived,
    /// A client was taken back.
    ClientRestored,
    /// Clients and contacts came from a file; the detail says how many.
    ClientsImported,
    /// A contact was added.
    ContactAdded,
    /// A contact's name or address was changed.
    ContactChanged,
    /// A contact was removed.
    ContactRemoved,
    /// A contact was let into the portal.
    PortalAccessOn,
    /// A contact is no longer let into the portal.
    PortalAccessOff,
    /// A member ended the sessions of a contact.
    ContactSessionsEnded,
    /// A member looked at the portal as a contact sees it.
    PortalPreviewed,
    /// A payment was written down by hand.
    PaymentRecorded,
    /// A payment that was written down by mistake was taken back.
    PaymentReversed,
    /// An invoice was cancelled.
    InvoiceVoided,
    /// A draft was begun; the detail is its title.
    InvoiceDrafted,
    /// A draft was deleted; the detail is its title.
    DraftDeleted,
    /// An invoice was sent; the detail is its number.
    InvoiceSent,
    /// Contacts were reminded of an invoice; the detail says how many.
    InvoiceReminded,
    /// Somebody opened an invoice by its share link.
    ViewedByLink,
    /// An invoice got a new share link, and the one before is dead.
    ShareLinkReplaced,
    /// An invoice's share link was switched off.
    ShareLinkRevoked,
    /// The org's settings were changed.
    OrgChanged,
    /// The org got another logo, or has none any more.
    LogoChanged,
    /// The org's plan was changed; the detail is the new one.
    PlanChanged,
    /// Somebody was invited to the team; the detail is the address.
    MemberInvited,
    /// An invitation was taken back; the detail is the address.
    MemberInvitationRevoked,
    /// Somebody who was invited is a member now; the detail is the role.
    MemberJoined,
    /// A member may do something else now; the detail says who and what.
    MemberRoleChanged,
    /// A member was removed, or has left; the detail says who.
    MemberRemoved,
    /// A member changed their password.
    PasswordChanged,
    /// A member changed their address.
    AddressChanged,
    /// Whoever followed a share link paid online.
    PaidByLink,
    /// Somebody has paid by a bank debit, which takes days.
    PaymentBegun,
    /// A bank debit was refused; nothing was taken.
    PaymentFailed,
    /// Money came for what was paid or void already; the detail says which.
    PaymentUnexpected,
    /// A payment was given back through Stripe, all or in part.
    PaymentRefunded,
    /// Giving a payment back did not go through.
    RefundFailed,
    /// The payer's bank took a payment back.
    PaymentDisputed,
    /// The bank decided for the org, and the money is back.
    DisputeWon,
    /// A part of an invoice can be paid online, or not any more; the detail is `on` or `off`.
    PartAllowed,
    /// The org was connected to a Stripe account.
    StripeConnected,
    /// The org is connected to its Stripe account no more; the detail says by whom.
    StripeDisconnected,
    /// The org's Stripe account can take payments now, or cannot any more; the detail says which.
    StripeChanged,
    /// A token for programs was made; the detail says which, and what it may do.
    TokenMade,
    /// A token was revoked; the detail says which.
    TokenRevoked,
    /// A document that programs run by its hash was added; the detail is its name.
    DocumentTrusted,
    /// A document was taken away; the detail is its name.
    DocumentDistrusted,
    /// A webhook was added; the detail says at which host, as of all that follow.
    WebhookAdded,
    /// A webhook was changed.
    WebhookChanged,
    /// A webhook was switched on again.
    WebhookEnabled,
    /// A webhook was switched off, by hand or because it took nothing any more.
    WebhookDisabled,
    /// A webhook was removed.
    WebhookRemoved,
}

/// Every kind with its word in the log, and whether the client reads it in its own access log (rule S4a).
const KINDS: [(ActivityKind, &str, bool); 68] = [
    (ActivityKind::LinkRequested, "portal.link_requested", true),
    (ActivityKind::LinkRefused, "portal.link_refused", true),
    (ActivityKind::SignedIn, "portal.signed_in", true),
    (ActivityKind::SignedOut, "portal.signed_out", true),
    (ActivityKind::SessionEnded, "portal.session_ended", true),
    (ActivityKind::InvoiceViewed, "portal.invoice_viewed", true),
    (ActivityKind::InvoiceDownloaded, "portal.invoice_downloaded", true),
    (ActivityKind::ReceiptDownloaded, "portal.receipt_downloaded", true),
    (ActivityKind::StatementDownloaded, "portal.statement_downloaded", true),
    (ActivityKind::Paid, "portal.paid", true),
    (ActivityKind::TenantMismatch, "security.tenant_mismatch", false),
    (ActivityKind::SignedUp, "team.signed_up", false),
    (ActivityKind::TeamSignedIn, "team.signed_in", false),
    (ActivityKind::TeamSignInRefused, "team.sign_in_refused", false),
    (ActivityKind::TeamSignedOut, "team.signed_out", false),
    (ActivityKind::ClientAdded, "client.added", false),
    (ActivityKind::ClientChanged, "client.changed", false),
    (ActivityKind::ClientArchived, "client.archived", false),
    (ActivityKind::ClientRestored, "client.restored", false),
    (ActivityKind::ClientsImported, "clients.imported", false),
    (ActivityKind::ContactAdded, "contact.added", false),
    (ActivityKind::ContactChanged, "contact.changed", false),
    (ActivityKind::ContactRemoved, "contact.removed", false),
    (ActivityKind::PortalAccessOn, "contact.portal_access_on", false),
    (ActivityKind::PortalAccessOff, "contact.portal_access_off", false),
    (ActivityKind::ContactSessionsEnded, "contact.sessions_ended", false),
    (ActivityKind::PortalPreviewed, "portal.previewed", false),
    (ActivityKind::PaymentRecorded, "payment.recorded", false),
    (ActivityKind::PaymentReversed, "payment.reversed", false),
    (ActivityKind::InvoiceVoided, "invoice.voided", false),
    (ActivityKind::InvoiceDrafted, "invoice.drafted", false),
    (ActivityKind::DraftDeleted, "invoice.draft_deleted", false),
    (ActivityKind::InvoiceSent, "invoice.sent", false),
    (ActivityKind::InvoiceReminded, "invoice.reminded", false),
    (ActivityKind::ViewedByLink, "invoice.viewed_by_link", false),
    (ActivityKind::ShareLinkReplaced, "share_link.replaced", false),
    (ActivityKind::ShareLinkRevoked, "share_link.revoked", false),
    (ActivityKind::OrgChanged, "org.changed", false),
    (ActivityKind::LogoChanged, "org.logo_changed", false),
    (ActivityKind::PlanChanged, "org.plan_changed", false),
    (ActivityKind::MemberInvited, "member.invited", false),
    (ActivityKind::MemberInvitationRevoked, "member.invitation_revoked", false),
    (ActivityKind::MemberJoined, "member.joined", false),
    (ActivityKind::MemberRoleChanged, "member.role_changed", false),
    (ActivityKind::MemberRemoved, "member.removed", false),
    (ActivityKind::PasswordChanged, "team.password_changed", false),
    (ActivityKind::AddressChanged, "team.address_changed", false),
    (ActivityKind::PaidByLink, "payment.paid_by_link", false),
    (ActivityKind::PaymentBegun, "payment.begun", true),
    (ActivityKind::PaymentFailed, "payment.failed", true),
    (ActivityKind::PaymentUnexpected, "payment.unexpected", false),
    (ActivityKind::PaymentRefunded, "payment.refunded", false),
    (ActivityKind::RefundFailed, "payment.refund_failed", false),
    (ActivityKind::PaymentDisputed, "payment.disputed", false),
    (ActivityKind::DisputeWon, "payment.dispute_won", false),
    (ActivityKind::PartAllowed, "invoice.part_allowed", false),
    (ActivityKind::StripeConnected, "org.stripe_connected", false),
    (ActivityKind::StripeDisconnected, "org.stripe_disconnected", false),
    (ActivityKind::StripeChanged, "org.stripe_changed", false),
    (ActivityKind::TokenMade, "org.token_made", false),
    (ActivityKind::TokenRevoked, "org.token_revoked", false),
    (ActivityKind::DocumentTrusted, "org.document_trusted", false),
    (ActivityKind::DocumentDistrusted, "org.document_distrusted", false),
    (ActivityKind::WebhookAdded, "org.webhook_added", false),
    (ActivityKind::WebhookChanged, "org.webhook_changed", false),
    (ActivityKind::WebhookEnabled, "org.webhook_enabled", false),
    (ActivityKind::WebhookDisabled, "org.webhook_disabled", false),
    (ActivityKind::WebhookRemoved, "org.webhook_removed", false),
];

impl ActivityKind {
    fn entry(self) -> (Self, &'static str, bool) {
        KINDS.into_iter().find(|(kind, ..)| *kind == self).unwrap_or((self, "", false))
    }

    /// The word in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.entry().1
    }

    /// Reads the word; `None` for one that this version does not know.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        KINDS.into_iter().find(|(_, known, _)| *known == word).map(|(kind, ..)| kind)
    }

    /// Whether the client sees it in its own access log (rule S4a).
    #[must_use]
    pub fn is_client_visible(self) -> bool {
        self.entry().2
    }
}

/// From where a request came, as far as the log keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The browser in a few words, such as `Firefox on Linux`.
    pub browser: String,
    /// The network address without its last part.
    pub ip_short: String,
}

/// One row about a contact.
#[derive(Debug)]
pub(super) struct ContactActivity<'a> {
    pub(super) kind: ActivityKind,
    pub(super) org_id: OrgId,
    pub(super) client_id: ClientId,
    pub(super) contact_id: ContactId,
    pub(super) invoice_id: Option<InvoiceId>,
    pub(super) detail: &'a str,
    pub(super) origin: &'a Origin,
}

impl<'a> ContactActivity<'a> {
    /// What this contact did, about nothing in particular.
    pub(super) const fn by(actor: &PortalActor, kind: ActivityKind, origin: &'a Origin) -> Self {
        Self {
            kind,
            org_id: actor.org_id(),
            client_id: actor.client_id(),
            contact_id: actor.contact_id(),
            invoice_id: None,
            detail: "",
            origin,
        }
    }
}

const INSERT: &str = "INSERT INTO activity \
    (org_id, id, at, kind, actor_kind, actor_name, client_visible, client_id, contact_id, invoice_id, detail, browser, ip_short) \
    VALUES ($1, $2, $3, $4, 'contact', \
    (SELECT name FROM contacts WHERE org_id = $1 AND client_id = $6 AND id = $7), $5, $6, $7, $8, $9, $10, $11)";

/// Appends a row.
pub(super) async fn append(conn: &mut Conn, now: DateTime<Utc>, row: &ContactActivity<'_>) -> Result<()> {
    execute!(
        *conn,
        INSERT,
        row.org_id,
        ActivityId::new(now),
        now,
        row.kind.as_str(),
        row.kind.is_client_visible(),
        row.client_id,
        row.contact_id,
        row.invoice_id,
        row.detail,
        row.origin.browser.as_str(),
        row.origin.ip_short.as_str(),
    )?;
    Ok(())
}

/// One row about what a member of the team did.
#[derive(Debug)]
pub(super) struct MemberActivity<'a> {
    pub(super) kind: ActivityKind,
    pub(super) org_id: OrgId,
    pub(super) member_id: MemberId,
    pub(super) client_id: Option<ClientId>,
    pub(super) contact_id: Option<ContactId>,
    pub(super) invoice_id: Option<InvoiceId>,
    pub(super) detail: &'a str,
    pub(super) origin: &'a Origin,
}

impl<'a> MemberActivity<'a> {
    /// What this member did, about nothing in particular.
    pub(super) const fn by(actor: &TeamActor, kind: ActivityKind, origin: &'a Origin) -> Self {
        Self {
            kind,
            org_id: actor.org_id(),
            member_id: actor.member_id(),
            client_id: None,
            contact_id: None,
            invoice_id: None,
            detail: "",
            origin,
        }
    }
}

const INSERT_OF_MEMBER: &str = "INSERT INTO activity \
    (org_id, id, at, kind, actor_kind, actor_name, client_visible, client_id, contact_id, member_id, invoice_id, detail, browser, ip_short) \
    VALUES ($1, $2, $3, $4, 'member', \
    (SELECT p.name FROM members m JOIN persons p ON p.id = m.person_id WHERE m.org_id = $1 AND m.id = $8), \
    $5, $6, $7, $8, $9, $10, $11, $12)";

/// Appends a row.
pub(super) async fn append_member(
    conn: &mut Conn,
    now: DateTime<Utc>,
    row: &MemberActivity<'_>,
) -> Result<()> {
    append_late(conn, now, now, row).await
}

/// Appends a row about what happened at a time before now. It stands where it is written, as all rows do: whoever has
/// read the log up to here misses none.
pub(super) async fn append_late(
    conn: &mut Conn,
    now: DateTime<Utc>,
    at: DateTime<Utc>,
    row: &MemberActivity<'_>,
) -> Result<()> {
    execute!(
        *conn,
        INSERT_OF_MEMBER,
        row.org_id,
        ActivityId::new(now),
        at,
        row.kind.as_str(),
        row.kind.is_client_visible(),
        row.client_id,
        row.contact_id,
        row.member_id,
        row.invoice_id,
        row.detail,
        row.origin.browser.as_str(),
        row.origin.ip_short.as_str(),
    )?;
    Ok(())
}

const INSERT_OF_GUEST: &str = "INSERT INTO activity \
    (org_id, id, at, kind, actor_kind, actor_name, client_visible, client_id, invoice_id, detail, browser, ip_short) \
    VALUES ($1, $2, $3, $4, 'guest', '', $5, $6, $7, $8, $9, $10)";

/// Appends a row about what whoever follows a share link did, or what was done for them.
pub(super) async fn append_guest(
    conn: &mut Conn,
    now: DateTime<Utc>,
    kind: ActivityKind,
    guest: &GuestActor,
    detail: &str,
    origin: &Origin,
) -> Result<()> {
    execute!(
        *conn,
        INSERT_OF_GUEST,
        guest.org_id(),
        ActivityId::new(now),
        now,
        kind.as_str(),
        kind.is_client_visible(),
        guest.client_id(),
        guest.invoice_id(),
        detail,
        origin.browser.as_str(),
        origin.ip_short.as_str(),
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_a_word_of_its_own_and_is_read_back() {
        let words: BTreeSet<&str> = KINDS.iter().map(|(_, word, _)| *word).collect();
        assert_eq!(words.len(), KINDS.len());
        for (kind, word, _) in KINDS {
            assert_eq!(ActivityKind::parse(word), Some(kind));
        }
    }

    #[test]
    fn every_kind_has_a_sentence() {
        let said: BTreeSet<&str> = app::activity::kinds().collect();
        let unsaid: Vec<&str> =
            KINDS.into_iter().map(|(_, word, _)| word).filter(|word| !said.contains(word)).collect();
        assert!(unsaid.is_empty(), "{unsaid:?}");
    }
}
