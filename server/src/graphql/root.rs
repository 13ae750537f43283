//! The roots of the schema: one field for each audience to read by, and everything that changes anything.
//! Each field has its guard, and is absent from the introspection of everybody else.

use async_graphql::{Context, ID, Object, Result};

use super::{
    guard::{
        ADMIN_IN_PERSON, AskPortal as _, CHANGES_CLIENTS, CHANGES_INVOICES, CHANGES_PAYMENTS,
        CHANGES_SETTINGS, GuestOnly, HANDS_OUT, IN_PERSON, OWNS, PortalOnly, TeamOnly, changes_clients,
        changes_invoices, changes_payments, changes_settings, hands_out, is_admin_in_person, is_in_person,
        owns, visible_to_guest, visible_to_portal, visible_to_team,
    },
    guest::Guest,
    portal::{self, Portal},
    team::{
        self, Node, Team, TeamClientInput, TeamContactInput, TeamDraftAdded, TeamDraftInput, TeamDraftSaved,
        TeamImport, TeamImportInput, TeamMailInput, TeamNewClientInput, TeamNewDraftInput,
        TeamNewPaymentInput, TeamOrgInput, TeamPaymentInput, TeamPlan, TeamRole, TeamSaved, TeamTokenInput,
        TeamTokenMade, TeamWebhookInput,
    },
    to_graphql,
};

/// Everything that can be read.
pub struct Query;

/// Everything that can be changed.
pub struct Mutation;

/// Everything that can be read.
#[Object]
impl Query {
    /// What the client whose contact is signed in may see.
    #[graphql(guard = "PortalOnly", visible = "visible_to_portal")]
    async fn portal(&self) -> Portal {
        Portal
    }

    /// The invoice that a share link leads to.
    #[graphql(guard = "GuestOnly", visible = "visible_to_guest")]
    async fn guest(&self) -> Guest {
        Guest
    }

    /// What a member of the org's team may see.
    #[graphql(guard = "TeamOnly", visible = "visible_to_team")]
    async fn team(&self) -> Team {
        Team
    }

    /// A client, contact, invoice or payment by its id alone, as far as the scopes go; null for everything else.
    #[graphql(guard = "TeamOnly", visible = "visible_to_team")]
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Result<Option<Node>> {
        team::node(ctx, &id).await
    }
}

/// Everything that can be changed.
#[Object]
impl Mutation {
    /// Ends one session of the contact who asks; false where there is none such.
    #[graphql(guard = "PortalOnly", visible = "visible_to_portal")]
    async fn portal_end_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<bool> {
        portal::access::end_session(&ctx.portal()?, &id).await.map_err(|error| to_graphql(&error))
    }

    /// Ends the sessions of the contact who asks, everywhere; gives how many there were.
    #[graphql(guard = "PortalOnly", visible = "visible_to_portal")]
    async fn portal_end_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether the session that asks goes on.")] keep_current: bool,
    ) -> Result<i32> {
        portal::access::end_sessions(&ctx.portal()?, keep_current).await.map_err(|error| to_graphql(&error))
    }

    /// Begins a draft for a client, with what the org's invoices usually begin with. The same id again is the
    /// same draft.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_add_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client.")] client_id: ID,
        #[graphql(desc = "The id that the invoice will have: a UUID.")] id: ID,
    ) -> Result<TeamSaved> {
        team::add_draft(ctx, &client_id, &id).await
    }

    /// Saves a draft as it is typed, finished or not; tells what hinders sending it so far.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_save_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: i32,
        #[graphql(desc = "What it is to be.")] input: TeamDraftInput,
    ) -> Result<TeamDraftSaved> {
        team::save_draft(ctx, &id, version, input).await
    }

    /// Deletes a draft for good; false where there is none such, or it was sent.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_delete_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<bool> {
        team::delete_draft(ctx, &id).await
    }

    /// Begins a draft that says what another invoice says. The same new id again is the same draft.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_duplicate_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "The id that the new invoice will have: a UUID.")] new_id: ID,
    ) -> Result<TeamSaved> {
        team::duplicate_invoice(ctx, &id, &new_id).await
    }

    /// Sends a draft: it takes the org's next number, does not change any more, and is mailed to the contacts
    /// that are named. One that was sent already is left as it is.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_send_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: i32,
        #[graphql(desc = "What it is to be.")] input: TeamMailInput,
    ) -> Result<TeamSaved> {
        team::send_invoice(ctx, &id, version, &input).await
    }

    /// Reminds contacts of an invoice on which something is due. The same key again is the same reminder.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_remind(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "A UUID of the caller's making.")] key: ID,
        #[graphql(desc = "What it is to be.")] input: TeamMailInput,
    ) -> Result<TeamSaved> {
        team::remind(ctx, &id, &key, &input).await
    }

    /// Gives an invoice that was sent a new share link; the one before is dead from now on.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_replace_share_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<TeamSaved> {
        team::replace_share_link(ctx, &id).await
    }

    /// Switches the share link of an invoice off.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_revoke_share_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<TeamSaved> {
        team::revoke_share_link(ctx, &id).await
    }

    /// Records a payment that came by hand. The same id again is the same payment.
    #[graphql(guard = "CHANGES_PAYMENTS", visible = "changes_payments")]
    async fn team_record_payment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which invoice.")] invoice_id: ID,
        #[graphql(desc = "What it is to be.")] input: TeamPaymentInput,
    ) -> Result<TeamSaved> {
        team::record_payment(ctx, &invoice_id, &input).await
    }

    /// Takes a payment back that was recorded by mistake, by a row of its own; gives the invoice's id.
    #[graphql(guard = "CHANGES_PAYMENTS", visible = "changes_payments")]
    async fn team_reverse_payment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<TeamSaved> {
        team::reverse_payment(ctx, &id).await
    }

    /// Cancels an invoice on which nothing is paid. It shows as void and counts for nothing.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_void_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<TeamSaved> {
        team::void_invoice(ctx, &id).await
    }

    /// Changes the org's settings.
    #[graphql(guard = "CHANGES_SETTINGS", visible = "changes_settings")]
    async fn team_save_org(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The version that was read.")] version: i32,
        #[graphql(desc = "What it is to be.")] input: TeamOrgInput,
    ) -> Result<TeamSaved> {
        team::save_org(ctx, version, &input).await
    }

    /// Gives the org a logo: a PNG, JPEG or WebP of at most 1 MiB and 4096 pixels either way. It is written anew,
    /// as PNG and no larger than needed.
    #[graphql(guard = "CHANGES_SETTINGS", visible = "changes_settings")]
    async fn team_set_logo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file in base64 (RFC 4648).")] image: String,
    ) -> Result<TeamSaved> {
        team::set_logo(ctx, &image).await
    }

    /// Takes the org's logo away; false where there is none.
    #[graphql(guard = "CHANGES_SETTINGS", visible = "changes_settings")]
    async fn team_remove_logo(&self, ctx: &Context<'_>) -> Result<bool> {
        team::remove_logo(ctx).await
    }

    /// Changes the org's plan; false where it is so already. Back on Free, contacts who are signed in see
    /// that the portal is switched off, and no data; going up again brings their sessions back.
    #[graphql(guard = "OWNS", visible = "owns")]
    async fn team_set_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] plan: TeamPlan,
    ) -> Result<bool> {
        team::set_plan(ctx, plan).await
    }

    /// Adds a client, or changes one.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_save_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client; null adds one.")] id: Option<ID>,
        #[graphql(desc = "The version that was read; needed with an id.")] version: Option<i32>,
        #[graphql(desc = "What it is to be.")] input: TeamClientInput,
    ) -> Result<TeamSaved> {
        team::save_client(ctx, id, version, &input).await
    }

    /// Puts a client away, or takes it back; false where there is none such, or it is so already. The
    /// contacts of a client that is put away are signed out.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_archive_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Put away, or taken back.")] archived: bool,
    ) -> Result<bool> {
        team::shelve_client(ctx, &id, archived).await
    }

    /// Lets a part of an invoice be paid online, or not; false where there is none such, or it is so already.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_allow_part(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Whether it can.")] allowed: bool,
    ) -> Result<bool> {
        team::allow_part(ctx, &id, allowed).await
    }

    /// Adds a contact to a client, or changes one.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_save_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client.")] client_id: ID,
        #[graphql(desc = "Which contact; null adds one.")] id: Option<ID>,
        #[graphql(desc = "The version that was read; needed with an id.")] version: Option<i32>,
        #[graphql(desc = "What it is to be.")] input: TeamContactInput,
    ) -> Result<TeamSaved> {
        team::save_contact(ctx, &client_id, id, version, &input).await
    }

    /// Adds clients and contacts from a file. Without a fingerprint it says what would be made, and writes nothing;
    /// with that of what was said, it makes just that, all of it or nothing. Nobody is mailed. Sent again, it finds
    /// all of it there, and changes nothing.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_import_clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is to be.")] input: TeamImportInput,
        #[graphql(desc = "Of what is to be imported; null only checks.")] fingerprint: Option<String>,
    ) -> Result<TeamImport> {
        team::import_clients(ctx, &input, fingerprint.as_deref()).await
    }

    /// Switches a contact's portal access. Switched off, no links are sent any more, and sessions under
    /// way run out by themselves. False where there is no such contact.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_set_portal_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client.")] client_id: ID,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Whether the portal lets them in.")] on: bool,
    ) -> Result<bool> {
        team::set_portal_access(ctx, &client_id, &id, on).await
    }

    /// Ends a contact's portal sessions at once; gives how many there were, or null where there is no
    /// such contact.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_end_contact_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client.")] client_id: ID,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<Option<i32>> {
        team::end_contact_sessions(ctx, &client_id, &id).await
    }

    /// Removes a contact: signed out at once, and no longer let in. False where there is none such.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_remove_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which client.")] client_id: ID,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<bool> {
        team::remove_contact(ctx, &client_id, &id).await
    }

    /// Invites somebody to the team, as an admin or a member. Whether the address has an account does not
    /// show. In person only: no token makes somebody who stays when it is gone.
    #[graphql(guard = "ADMIN_IN_PERSON", visible = "is_admin_in_person")]
    async fn team_invite_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address that gets the link.")] email: String,
        #[graphql(desc = "What they will be; owners are made of members.")] role: TeamRole,
    ) -> Result<TeamSaved> {
        team::invite_member(ctx, &email, role).await
    }

    /// Sends an invitation again, with a new link that lives for seven days. The earlier link is dead. In person only.
    #[graphql(guard = "ADMIN_IN_PERSON", visible = "is_admin_in_person")]
    async fn team_send_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<TeamSaved> {
        team::send_invitation(ctx, &id).await
    }

    /// Takes an invitation back; false where there is none such.
    #[graphql(guard = "CHANGES_SETTINGS", visible = "changes_settings")]
    async fn team_revoke_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<bool> {
        team::revoke_invitation(ctx, &id).await
    }

    /// Lets a member do something else. Only owners make owners, or anything else of one; there is always
    /// one left. In person only.
    #[graphql(guard = "ADMIN_IN_PERSON", visible = "is_admin_in_person")]
    async fn team_set_member_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "What they will be.")] role: TeamRole,
    ) -> Result<TeamSaved> {
        team::set_member_role(ctx, &id, role).await
    }

    /// Removes a member, who is out at their next request. Only owners remove owners, and never the last. In person
    /// only.
    #[graphql(guard = "ADMIN_IN_PERSON", visible = "is_admin_in_person")]
    async fn team_remove_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<TeamSaved> {
        team::remove_member(ctx, &id).await
    }

    /// Whoever asks leaves the org; its only owner cannot.
    #[graphql(guard = "IN_PERSON", visible = "is_in_person")]
    async fn team_leave(&self, ctx: &Context<'_>) -> Result<TeamSaved> {
        team::leave(ctx).await
    }

    /// Makes a token for a program. It can do no more than whoever makes it. The token itself is shown in this answer
    /// and never again. In person only: no token makes another one.
    #[graphql(guard = "ADMIN_IN_PERSON", visible = "is_admin_in_person")]
    async fn team_add_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is to be.")] input: TeamTokenInput,
    ) -> Result<TeamTokenMade> {
        team::add_token(ctx, &input).await
    }

    /// Revokes a token, which opens nothing from now on; false where there is none such. In person only.
    #[graphql(guard = "ADMIN_IN_PERSON", visible = "is_admin_in_person")]
    async fn team_revoke_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<bool> {
        team::revoke_token(ctx, &id).await
    }

    /// Trusts a document: from now on it is run by its hash, sent as `documentId` in the place of `query`. Its id is
    /// what is to be sent. The same text again is the same document.
    #[graphql(guard = "CHANGES_SETTINGS", visible = "changes_settings")]
    async fn team_trust_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The text of the document, whose operation has a name; at most 16 KiB.")]
        source: String,
    ) -> Result<TeamSaved> {
        team::trust_document(ctx, &source).await
    }

    /// Trusts a document no more; false where it was not trusted.
    #[graphql(guard = "CHANGES_SETTINGS", visible = "changes_settings")]
    async fn team_distrust_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As it was given: `sha256:` and 64 hexadecimal digits.")] id: ID,
    ) -> Result<bool> {
        team::distrust_document(ctx, &id).await
    }

    /// Adds a webhook, or changes one. The same new id again is the same webhook.
    #[graphql(guard = "HANDS_OUT", visible = "hands_out")]
    async fn team_save_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one; null adds one.")] id: Option<ID>,
        #[graphql(desc = "Where it is and what it is told of.")] input: TeamWebhookInput,
    ) -> Result<TeamSaved> {
        team::save_webhook(ctx, id.as_ref(), &input).await
    }

    /// Switches a webhook on or off; false where there is none such, or it is so already. What waits for one that is
    /// switched off is given up.
    #[graphql(guard = "HANDS_OUT", visible = "hands_out")]
    async fn team_enable_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "On or off.")] enabled: bool,
    ) -> Result<bool> {
        team::enable_webhook(ctx, &id, enabled).await
    }

    /// Removes a webhook; false where there is none such.
    #[graphql(guard = "HANDS_OUT", visible = "hands_out")]
    async fn team_remove_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<bool> {
        team::remove_webhook(ctx, &id).await
    }

    /// Sends a webhook an event of the type `webhook.test`; gives the event's id, or null where there is no such
    /// webhook, or it is switched off.
    #[graphql(guard = "HANDS_OUT", visible = "hands_out")]
    async fn team_test_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
    ) -> Result<Option<ID>> {
        team::test_webhook(ctx, &id).await
    }

    /// Sends an event to a webhook again, or all that were given up; gives how many.
    #[graphql(guard = "HANDS_OUT", visible = "hands_out")]
    async fn team_send_webhook_again(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] id: ID,
        #[graphql(desc = "Which event, delivered or given up; null for all that were given up.")]
        event_id: Option<ID>,
    ) -> Result<i32> {
        team::send_webhook_again(ctx, &id, event_id.as_ref()).await
    }

    /// Adds clients with their contacts, at most 100 at once; one answer a row, in order.
    #[graphql(guard = "CHANGES_CLIENTS", visible = "changes_clients")]
    async fn team_add_clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rows; each is done by itself.")] rows: Vec<TeamNewClientInput>,
    ) -> Result<Vec<TeamSaved>> {
        team::add_clients(ctx, rows).await
    }

    /// Adds drafts, at most 100 at once; one answer a row, in order.
    #[graphql(guard = "CHANGES_INVOICES", visible = "changes_invoices")]
    async fn team_add_drafts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rows; each is done by itself.")] rows: Vec<TeamNewDraftInput>,
    ) -> Result<Vec<TeamDraftAdded>> {
        team::add_drafts(ctx, rows).await
    }

    /// Records payments that came by hand, at most 100 at once; one answer a row, in order.
    #[graphql(guard = "CHANGES_PAYMENTS", visible = "changes_payments")]
    async fn team_record_payments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rows; each is done by itself.")] rows: Vec<TeamNewPaymentInput>,
    ) -> Result<Vec<TeamSaved>> {
        team::record_payments(ctx, rows).await
    }
}
