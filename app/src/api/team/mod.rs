//! What the team's pages ask the schema for, one subject a file. Field names are the schema's; amounts
//! are integers of the currency's minor unit, times are UTC, dates are calendar days.

mod activity;
mod clients;
mod drafts;
mod import;
mod invoices;
mod org;
mod overview;
mod payments;
mod people;
mod statement;
mod stripe;
mod tokens;
mod webhooks;

use serde::{Deserialize, de::DeserializeOwned};

use async_graphql_value::{ConstValue, Name, Variables};

use super::{Document, Executor, run};
use crate::{error::AppError, problem::Problems};

pub use activity::{
    Activity, ActivityFilter, ActivityLog, ActorKind, ClientName, Person, PersonFilter, Topic, activity,
    activity_export,
};
pub use clients::{
    Client, ClientBalance, ClientForm, ClientSummary, Contact, ContactForm, archive_client, client, clients,
    end_contact_sessions, remove_contact, save_client, save_contact, set_portal_access,
};

pub use drafts::{
    DraftForm, DraftSaved, MailForm, add_draft, delete_draft, duplicate_invoice, remind, replace_share_link,
    revoke_share_link, save_draft, send_invoice,
};
pub use import::{CellProblem, Import, ImportForm, ImportOutcome, ImportRow, import_clients};
pub use invoices::{
    Draft, Invoice, InvoiceFilter, InvoiceLine, InvoiceMail, InvoiceStatus, InvoiceSummary, InvoiceTax,
    MailKind, Payment, PaymentForm, allow_part, invoice, invoices, record_payment, reverse_payment,
    void_invoice,
};
pub use org::{Org, OrgForm, Plan, org, remove_logo, save_org, set_logo, set_plan};
pub use overview::{Figures, Overview, PaidMonth, overview};
pub use payments::{PaymentSummary, payments};
pub use people::{
    Invitation, InviteForm, Member, People, Role, invite, leave, people, remove_member, revoke_invitation,
    send_invitation, set_member_role,
};
pub use statement::statement;
pub use stripe::{StripeAccount, stripe};
pub use tokens::{MadeToken, Token, TokenForm, TokenLevel, TokenScopes, add_token, revoke_token, tokens};
pub use webhooks::{
    WEBHOOK_EVENTS, Webhook, WebhookAttempt, WebhookDelivery, WebhookForm, WebhookState, enable_webhook,
    remove_webhook, save_webhook, send_webhook_again, test_webhook, webhook_deliveries, webhooks,
};

/// Every document of this module, for the test that checks them against the SDL.
pub const DOCUMENTS: [Document; 51] = [
    clients::CLIENTS,
    clients::CLIENT,
    clients::SAVE_CLIENT,
    clients::ARCHIVE_CLIENT,
    clients::SAVE_CONTACT,
    clients::SET_PORTAL_ACCESS,
    clients::END_CONTACT_SESSIONS,
    clients::REMOVE_CONTACT,
    import::IMPORT,
    stripe::STRIPE,
    invoices::ALLOW_PART,
    invoices::INVOICES,
    invoices::INVOICE,
    invoices::RECORD_PAYMENT,
    invoices::REVERSE_PAYMENT,
    invoices::VOID_INVOICE,
    drafts::ADD_DRAFT,
    drafts::SAVE_DRAFT,
    drafts::DELETE_DRAFT,
    drafts::DUPLICATE,
    drafts::SEND,
    drafts::REMIND,
    drafts::REPLACE_LINK,
    drafts::REVOKE_LINK,
    org::ORG,
    org::SAVE_ORG,
    org::SET_PLAN,
    org::SET_LOGO,
    org::REMOVE_LOGO,
    people::PEOPLE,
    people::INVITE,
    people::SEND_INVITATION,
    people::REVOKE_INVITATION,
    people::SET_ROLE,
    people::REMOVE,
    people::LEAVE,
    tokens::TOKENS,
    tokens::ADD,
    tokens::REVOKE,
    webhooks::WEBHOOKS,
    webhooks::DELIVERIES,
    webhooks::SAVE,
    webhooks::ENABLE,
    webhooks::REMOVE,
    webhooks::TEST,
    webhooks::SEND_AGAIN,
    overview::OVERVIEW,
    statement::STATEMENT,
    payments::PAYMENTS,
    activity::ACTIVITY,
    activity::EXPORT,
];

/// What came of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is saved under this id.
    Saved(String),
    /// Nothing was saved; what is wrong, by field.
    Refused(Problems),
}

#[derive(Deserialize)]
struct SavedAnswer {
    id: Option<String>,
    problems: Problems,
}

impl From<SavedAnswer> for Saved {
    fn from(answer: SavedAnswer) -> Self {
        match answer.id {
            Some(id) => Self::Saved(id),
            None => Self::Refused(answer.problems),
        }
    }
}

/// The answer of a mutation, under the alias that its document gives it.
#[derive(Deserialize)]
struct Change<T> {
    #[serde(alias = "saved")]
    done: T,
}

fn variables<const N: usize>(pairs: [(&str, ConstValue); N]) -> Variables {
    let mut variables = Variables::default();
    for (name, value) in pairs {
        variables.insert(Name::new(name), value);
    }
    variables
}

fn object<const N: usize>(pairs: [(&str, ConstValue); N]) -> ConstValue {
    ConstValue::Object(pairs.into_iter().map(|(name, value)| (Name::new(name), value)).collect())
}

async fn team<T: DeserializeOwned>(
    executor: &dyn Executor,
    document: Document,
    variables: Variables,
) -> Result<T, AppError> {
    #[derive(Deserialize)]
    struct Root<T> {
        team: T,
    }
    run::<Root<T>>(executor, document, variables).await.map(|root| root.team)
}
