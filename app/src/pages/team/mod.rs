//! The team's side: accounts, the overview, clients and their contacts, invoices, payments, the log, settings.

mod account;
mod activity;
mod client;
mod client_form;
mod clients;
mod contact_form;
mod draft;
mod draft_lines;
mod explorer;
mod import;
mod import_check;
mod invoice;
mod invoice_new;
mod invoice_payments;
mod invoice_sharing;
mod invoices;
mod join;
mod mail_form;
mod members;
mod orgs;
mod overview;
mod own_account;
mod payments;
mod plan;
mod settings;
mod statement;
mod stripe;
mod tokens;
mod webhooks;

pub use account::{
    DeadTeamLinkPage, ForgotForm, ForgotPage, MailSentPage, MailSentReason, ResetPage, SignInForm,
    SignInPage, SignUpClosedPage, SignUpConfirmPage, SignUpForm, SignUpPage,
};
pub use activity::{ActivityPage, ClientChoice};
pub use client::ClientPage;
pub use client_form::ClientFormPage;
pub use clients::ClientsPage;
pub use contact_form::ContactFormPage;
pub use draft::{DraftPage, DraftView};
pub use explorer::ExplorerPage;
pub use import::ImportPage;
pub use invoice::{InvoiceNews, TeamInvoicePage};
pub use invoice_new::NewInvoicePage;
pub use invoices::TeamInvoicesPage;
pub use join::{EmailConfirmPage, Invited, JoinFullPage, JoinPage, JoinWay};
pub use mail_form::{MailFormPage, MailPurpose};
pub use members::MembersPage;
pub use orgs::{NewOrgForm, NewOrgPage, OrgsPage, OwnOrg};
pub use overview::OverviewPage;
pub use own_account::{AccountForm, AccountPage, OwnAccount, OwnSession};
pub use payments::TeamPaymentsPage;
pub use plan::PlanPage;
pub use settings::SettingsPage;
pub use statement::ClientStatementPage;
pub use stripe::{StripeNews, StripePage};
pub use tokens::TokensPage;
pub use webhooks::{WebhookPage, WebhooksPage};
