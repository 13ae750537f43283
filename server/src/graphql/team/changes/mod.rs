//! What a member may change. Each field says who may, and asks the module whose matter it is.

mod clients;
mod invoices;
mod payments;
mod people;
mod programs;
mod settings;

pub(in crate::graphql) use self::{
    clients::ClientChanges, invoices::InvoiceChanges, payments::PaymentChanges, people::PeopleChanges,
    programs::ProgramChanges, settings::OrgChanges,
};
