//! The history of payments.

use leptos::{either::Either, prelude::*};

use crate::{
    api::portal::{Page, Payment},
    components::{Empty, Pagination, PaginationProps, PaymentTable},
    layout::{Frame, Portal, Scripts, Tab},
    routes,
};

/// What was paid, and what went back.
#[component]
pub fn PaymentsPage(
    /// What every signed-in page knows.
    frame: Frame,
    /// One page of payments, newest first.
    page: Page<Payment>,
) -> impl IntoView {
    let pagination =
        PaginationProps::of(&page.page_info, |cursor| routes::page_of(routes::PORTAL_PAYMENTS, Some(cursor)));
    let list = if page.nodes.is_empty() {
        let sentence = format!(
            "What {} receives from you is listed here, with the invoice it was for.",
            frame.brand.org_name
        );
        Either::Left(view! { <Empty title="No payments yet" sentence/> })
    } else {
        Either::Right(view! {
            <PaymentTable
                caption="Payments"
                payments=page.nodes
                formats=frame.formats.clone()
                with_invoice=true
                invoice_href=routes::portal_invoice
            />
        })
    };
    view! {
        <Portal frame title="Payments".to_owned() tab=Tab::Payments scripts=Scripts::None>
            <section class="list-page">
                <header class="list-head">
                    <h1>"Payments"</h1>
                    <a class="button" href=routes::PORTAL_STATEMENT>
                        "Statement"
                    </a>
                </header>
                {list}
                {Pagination(pagination)}
            </section>
        </Portal>
    }
}
