//! The portal: what a client sees of its own invoices, and the way in.

mod access;
mod chooser;
mod dead_link;
mod disabled;
mod home;
pub(super) mod invoice;
pub(super) mod invoice_sheet;
mod invoices;
mod link;
mod login;
mod login_sent;
mod payments;
mod signed_out;
mod statement;

pub use access::AccessPage;
pub use chooser::{Choice, ChooserPage};
pub use dead_link::DeadLinkPage;
pub use disabled::PortalDisabledPage;
pub use home::HomePage;
pub use invoice::InvoicePage;
pub use invoices::InvoicesPage;
pub use link::LinkPage;
pub use login::LoginPage;
pub use login_sent::LoginSentPage;
pub use payments::PaymentsPage;
pub use signed_out::SignedOutPage;
pub use statement::StatementPage;
