//! What the demo's contacts did in the portal: rows of the log, and who has seen which invoice.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{account::Account, calendar::Calendar, table::Visit};
use crate::{
    id::{ActivityId, InvoiceId},
    seed::{book::Book, dice::Ids},
    store::{ActivityKind, system::load},
};

/// When visits begin, in minutes after midnight: before money is entered.
pub(super) const VISIT_AT: i64 = 10 * 60 + 35;

impl Account {
    /// Enters the visits of the client's contacts: what they asked for and what they looked at.
    pub(super) fn enter_visits(&self, book: &mut Book, ids: &mut Ids, calendar: Calendar) {
        let mut views: BTreeMap<(InvoiceId, usize), load::View> = BTreeMap::new();
        for visit in self.table.visits {
            let time = |minute| calendar.time(visit.day, VISIT_AT + minute);
            if !self.table.contacts[visit.contact].portal_access {
                self.log(book, ids, visit, (ActivityKind::LinkRefused, time(0), None));
                continue;
            }
            self.log(book, ids, visit, (ActivityKind::LinkRequested, time(0), None));
            self.log(book, ids, visit, (ActivityKind::SignedIn, time(1), None));
            let opened = visit.opened.iter().filter_map(|title| self.invoices.get(title));
            for (minute, invoice_id) in (2..).zip(opened) {
                let at = time(minute);
                self.log(book, ids, visit, (ActivityKind::InvoiceViewed, at, Some(*invoice_id)));
                let view = views.entry((*invoice_id, visit.contact)).or_insert_with(|| load::View {
                    org_id: self.org_id,
                    client_id: self.client_id,
                    invoice_id: *invoice_id,
                    viewer: format!("contact:{}", self.contacts[visit.contact]),
                    views: 0,
                    first_viewed_at: at,
                    last_viewed_at: at,
                });
                view.views += 1;
                view.first_viewed_at = view.first_viewed_at.min(at);
                view.last_viewed_at = view.last_viewed_at.max(at);
            }
        }
        for view in views.into_values() {
            book.enter_view(view);
        }
    }

    /// Enters that a payment was made in the visit of that day. Without one, the team has recorded it.
    pub(super) fn enter_paid(&self, book: &mut Book, ids: &mut Ids, payment: &load::Payment, day: i64) {
        if let Some(visit) = self.table.visits.iter().find(|visit| visit.day == day) {
            self.log(book, ids, visit, (ActivityKind::Paid, payment.created_at, Some(payment.invoice_id)));
        }
    }

    fn log(
        &self,
        book: &mut Book,
        ids: &mut Ids,
        visit: &Visit,
        (kind, at, invoice_id): (ActivityKind, DateTime<Utc>, Option<InvoiceId>),
    ) {
        book.enter_activity(load::Activity {
            org_id: self.org_id,
            id: ActivityId::from_uuid(ids.at(at)),
            at,
            kind: kind.as_str(),
            actor_kind: "contact",
            actor_name: self.table.contacts[visit.contact].name.to_owned(),
            client_visible: kind.is_client_visible(),
            client_id: self.client_id,
            contact_id: self.contacts[visit.contact],
            invoice_id,
            detail: if kind == ActivityKind::LinkRefused { "access is off" } else { "" },
            browser: visit.browser,
            ip_short: visit.network,
        });
    }
}
