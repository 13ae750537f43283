//! The team's side: accounts, the overview, clients and their contacts, invoices, payments, the log, settings.

mod account;
mod activity;
mod client;
mod client_form;
mod clients;
mod contact_form;
mod invoice;
mod invoices;
mod overview;
mod payments;
mod plan;
mod settings;

pub use account::{
    DeadTeamLinkPage, ForgotForm, ForgotPage, MailSentPage, MailSentReason, ResetPage, SignInForm,
    SignInPage, SignUpClosedPage, SignUpConfirmPage, SignUpForm, SignUpPage,
};
pub use activity::{ActivityPage, ClientChoice};
pub use client::ClientPage;
pub use client_form::ClientFormPage;
pub use clients::ClientsPage;
pub use contact_form::ContactFormPage;
pub use invoice::TeamInvoicePage;
pub use invoices::TeamInvoicesPage;
pub use overview::OverviewPage;
pub use payments::TeamPaymentsPage;
pub use plan::PlanPage;
pub use settings::SettingsPage;
