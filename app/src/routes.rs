//! Every path of the site once, as typed link builders. Links are never written by hand elsewhere.

use std::fmt::Write as _;

/// Portal home: balance, what is due, history.
pub const PORTAL: &str = "/portal";
/// The list of invoices.
pub const PORTAL_INVOICES: &str = "/portal/invoices";
/// The history of payments.
pub const PORTAL_PAYMENTS: &str = "/portal/payments";
/// What was billed and paid in some days, as a page.
pub const PORTAL_STATEMENT: &str = "/portal/statement";
/// The same as PDF.
pub const PORTAL_STATEMENT_PDF: &str = "/portal/statement.pdf";
/// The same as CSV.
pub const PORTAL_STATEMENT_CSV: &str = "/portal/statement.csv";
/// Who has seen this: the client's own access log and sessions.
pub const PORTAL_ACCESS: &str = "/portal/access";
/// The e-mail form (GET) and the request for a link (POST).
pub const PORTAL_LOGIN: &str = "/portal/login";
/// The neutral answer to every request for a link, with the form for the code.
pub const PORTAL_LOGIN_SENT: &str = "/portal/login/sent";
/// POST: the short code from the mail.
pub const PORTAL_LOGIN_CODE: &str = "/portal/login/code";
/// POST: ends the session of this browser.
pub const PORTAL_SIGN_OUT: &str = "/portal/sign-out";
/// POST: ends every session of this contact, this one included.
pub const PORTAL_SIGN_OUT_EVERYWHERE: &str = "/portal/sign-out-everywhere";
/// POST: ends one other session of this contact; the id is a form field `session`.
pub const PORTAL_END_SESSION: &str = "/portal/sessions/end";
/// POST: ends the preview of a member of the team.
pub const PORTAL_PREVIEW_END: &str = "/portal/preview/end";
/// What a browser sees after its session has ended.
pub const PORTAL_SIGNED_OUT: &str = "/portal/signed-out";
/// The same after all sessions of a contact have ended.
pub const PORTAL_SIGNED_OUT_EVERYWHERE: &str = "/portal/signed-out?everywhere";
/// POST: the GraphQL endpoint for scripts of the portal's own pages.
pub const PORTAL_GRAPHQL: &str = "/portal/graphql";
/// The team's side.
pub const APP: &str = "/app";
/// The password form (GET) and signing in (POST).
pub const APP_LOGIN: &str = "/app/login";
/// The form for a new org (GET) and its request (POST).
pub const APP_SIGN_UP: &str = "/app/sign-up";
/// The neutral answer to every sign-up.
pub const APP_SIGN_UP_SENT: &str = "/app/sign-up/sent";
/// The form for a forgotten password (GET) and its request (POST).
pub const APP_FORGOT: &str = "/app/forgot";
/// The neutral answer to whoever asks for a new password.
pub const APP_FORGOT_SENT: &str = "/app/forgot/sent";
/// POST: ends the session of this browser.
pub const APP_SIGN_OUT: &str = "/app/sign-out";
/// The list of all invoices.
pub const APP_INVOICES: &str = "/app/invoices";
/// Choosing a client for a new invoice (GET), and beginning it (POST).
pub const APP_INVOICES_NEW: &str = "/app/invoices/new";
/// The org's settings (GET) and changing them (POST).
pub const APP_SETTINGS: &str = "/app/settings";
/// POST: a logo, as a file in a form.
pub const APP_LOGO: &str = "/app/settings/logo";
/// POST: takes the logo away.
pub const APP_LOGO_REMOVE: &str = "/app/settings/logo/remove";
/// The org's plan (GET) and changing it (POST).
pub const APP_PLAN: &str = "/app/settings/plan";
/// The org's Stripe account (GET).
pub const APP_SETTINGS_STRIPE: &str = "/app/settings/stripe";
/// POST: leads to Stripe, to connect an account or to tell what it wants to know.
pub const APP_STRIPE_CONNECT: &str = "/app/settings/stripe/connect";
/// POST: takes no payments on it any more.
pub const APP_STRIPE_DISCONNECT: &str = "/app/settings/stripe/disconnect";
/// POST: all open invoices of one currency, which is a form field `currency`.
pub const PORTAL_PAY_ALL: &str = "/portal/pay";
/// A whole list as a file: `invoices.csv`, `payments.csv`, and others.
pub const APP_EXPORT: &str = "/app/export";
/// GraphiQL (GET) and what it asks (POST), by the session of a member.
pub const APP_GRAPHQL: &str = "/app/graphql";
/// POST: the schema for programs, by a token. A browser that comes here (GET) is led to [`APP_GRAPHQL`].
pub const GRAPHQL: &str = "/graphql";
/// The tokens for programs (GET) and making one (POST).
pub const APP_TOKENS: &str = "/app/settings/tokens";
/// The webhooks (GET) and adding one (POST).
pub const APP_WEBHOOKS: &str = "/app/settings/webhooks";
/// The people of the team (GET) and inviting somebody (POST).
pub const APP_MEMBERS: &str = "/app/settings/members";
/// The orgs of whoever is signed in (GET) and going to another one (POST).
pub const APP_SWITCH: &str = "/app/switch";
/// The form for one more org (GET) and making it (POST).
pub const APP_ORGS_NEW: &str = "/app/orgs/new";
/// One's own account.
pub const APP_ACCOUNT: &str = "/app/account";
/// POST: another name.
pub const APP_ACCOUNT_NAME: &str = "/app/account/name";
/// POST: another password.
pub const APP_ACCOUNT_PASSWORD: &str = "/app/account/password";
/// POST: another address, to be proven by a link.
pub const APP_ACCOUNT_EMAIL: &str = "/app/account/email";
/// POST: ends one other session of one's own; the id is a form field `session`.
pub const APP_ACCOUNT_END_SESSION: &str = "/app/account/sessions/end";
/// POST: ends all other sessions of one's own.
pub const APP_ACCOUNT_END_OTHERS: &str = "/app/account/sessions/end-others";
/// POST: leaves the org that the session looks at.
pub const APP_ACCOUNT_LEAVE: &str = "/app/account/leave";
/// The list of clients.
pub const APP_CLIENTS: &str = "/app/clients";
/// The form for a new client (GET) and adding it (POST).
pub const APP_CLIENTS_NEW: &str = "/app/clients/new";
/// The list of clients, after an import.
pub const APP_CLIENTS_IMPORTED: &str = "/app/clients?imported";
/// The form for a file of clients (GET); checking and importing it (POST).
pub const APP_CLIENTS_IMPORT: &str = "/app/clients/import";
/// An empty file of clients.
pub const APP_CLIENTS_TEMPLATE: &str = "/app/clients/import/template.csv";
/// The payments of all clients.
pub const APP_PAYMENTS: &str = "/app/payments";
/// The org's whole log.
pub const APP_ACTIVITY: &str = "/app/activity";
/// The same as a file.
pub const APP_ACTIVITY_CSV: &str = "/app/activity.csv";
/// The demo's mailbox. Exists in `postern demo` only.
pub const DEV_MAIL: &str = "/dev/mail";

/// One invoice of the portal.
#[must_use]
pub fn portal_invoice(id: &str) -> String {
    format!("{PORTAL_INVOICES}/{id}")
}

/// The login page that leads back to the page that was wanted.
#[must_use]
pub fn portal_login_then(next: &str) -> String {
    let mut query = String::new();
    push(&mut query, "next", next);
    with_query(PORTAL_LOGIN, &query)
}

/// The login page in the brand of one org.
#[must_use]
pub fn portal_org_login(org_slug: &str) -> String {
    format!("/portal/{org_slug}/login")
}

/// The neutral answer in the brand of one org.
#[must_use]
pub fn portal_org_login_sent(org_slug: &str) -> String {
    format!("/portal/{org_slug}/login/sent")
}

/// POST: the short code, asked for in the brand of one org.
#[must_use]
pub fn portal_org_login_code(org_slug: &str) -> String {
    format!("/portal/{org_slug}/login/code")
}

/// Where a magic link leads (GET shows, POST consumes).
#[must_use]
pub fn portal_link(token: &str) -> String {
    format!("/portal/link/{token}")
}

/// Where the link leads that proves the address of a new account (GET shows, POST consumes).
#[must_use]
pub fn app_sign_up_link(token: &str) -> String {
    format!("{APP_SIGN_UP}/{token}")
}

/// Where the link leads that sets a new password (GET shows the form, POST sets it).
#[must_use]
pub fn app_reset_link(token: &str) -> String {
    format!("/app/reset/{token}")
}

/// Where an invitation leads (GET shows, POST joins).
#[must_use]
pub fn app_join(token: &str) -> String {
    format!("/app/join/{token}")
}

/// Where the link leads that proves a new address (GET shows, POST changes it).
#[must_use]
pub fn app_email_link(token: &str) -> String {
    format!("{APP_ACCOUNT_EMAIL}/{token}")
}

/// POST: something to be done with a member: `role` or `remove`.
#[must_use]
pub fn app_member_act(id: &str, act: &str) -> String {
    format!("{APP_MEMBERS}/{id}/{act}")
}

/// A list as a file, filtered as the page is.
#[must_use]
pub fn app_export(file: &str, status: Option<&str>, search: &str) -> String {
    let mut query = String::new();
    if let Some(status) = status {
        push(&mut query, "status", status);
    }
    if !search.is_empty() {
        push(&mut query, "q", search);
    }
    with_query(&format!("{APP_EXPORT}/{file}"), &query)
}

/// One webhook: what was sent (GET), and changing it (POST).
#[must_use]
pub fn app_webhook(id: &str) -> String {
    format!("{APP_WEBHOOKS}/{id}")
}

/// The same at another place in what was sent.
#[must_use]
pub fn app_webhook_page(id: &str, cursor: Cursor<'_>) -> String {
    let mut query = String::new();
    push_cursor(&mut query, Some(cursor));
    with_query(&app_webhook(id), &query)
}

/// POST: something to be done with a webhook: `test`, `on`, `off`, `remove` or `send-failed`.
#[must_use]
pub fn app_webhook_act(id: &str, act: &str) -> String {
    format!("{APP_WEBHOOKS}/{id}/{act}")
}

/// POST: sends an event to a webhook again.
#[must_use]
pub fn app_webhook_send(id: &str, event: &str) -> String {
    format!("{APP_WEBHOOKS}/{id}/events/{event}/send")
}

/// POST: revokes a token.
#[must_use]
pub fn app_token_revoke(id: &str) -> String {
    format!("{APP_TOKENS}/{id}/revoke")
}

/// POST: something to be done with an invitation: `send` or `revoke`.
#[must_use]
pub fn app_invitation_act(id: &str, act: &str) -> String {
    format!("{APP_SETTINGS}/invitations/{id}/{act}")
}

/// The login of the team that leads back to the page that was wanted.
#[must_use]
pub fn app_login_then(next: &str) -> String {
    let mut query = String::new();
    push(&mut query, "next", next);
    with_query(APP_LOGIN, &query)
}

/// A page of the list of clients.
#[must_use]
pub fn app_clients(archived: bool, search: &str, cursor: Option<Cursor<'_>>) -> String {
    let mut query = String::new();
    if archived {
        push(&mut query, "shelf", "archived");
    }
    if !search.is_empty() {
        push(&mut query, "q", search);
    }
    push_cursor(&mut query, cursor);
    with_query(APP_CLIENTS, &query)
}

/// A page of the list of all invoices.
#[must_use]
pub fn app_invoices(status: Option<&str>, search: &str, cursor: Option<Cursor<'_>>) -> String {
    let mut query = String::new();
    if let Some(status) = status {
        push(&mut query, "status", status);
    }
    if !search.is_empty() {
        push(&mut query, "q", search);
    }
    push_cursor(&mut query, cursor);
    with_query(APP_INVOICES, &query)
}

/// One invoice.
#[must_use]
pub fn app_invoice(id: &str) -> String {
    format!("{APP_INVOICES}/{id}")
}

/// The choice of a client for a new invoice, with a search.
#[must_use]
pub fn app_invoices_new(search: &str, cursor: Option<Cursor<'_>>) -> String {
    let mut query = String::new();
    if !search.is_empty() {
        push(&mut query, "q", search);
    }
    push_cursor(&mut query, cursor);
    with_query(APP_INVOICES_NEW, &query)
}

/// Where a share link leads: one invoice, for whoever has the link.
#[must_use]
pub fn share(token: &str) -> String {
    format!("/i/{token}")
}

/// Where the payer comes back to from Stripe.
#[must_use]
pub fn pay_return(checkout: &str) -> String {
    format!("/pay/{checkout}")
}

/// POST: pays an invoice: beside its page, a contact's or a shared one. The amount is a form field `amount`.
#[must_use]
pub fn pay(invoice: &str) -> String {
    format!("{invoice}/pay")
}

/// Back to a page that says what came of paying; with what was typed as an amount, where that was it.
#[must_use]
pub fn pay_news(page: &str, news: &str, typed_amount: &str) -> String {
    let mut query = String::new();
    push(&mut query, "pay", news);
    if !typed_amount.is_empty() {
        push(&mut query, "amount", typed_amount);
    }
    with_query(page, &query)
}

/// What tells an open page that something has changed, beside that page: an invoice's, or the portal's home.
#[must_use]
pub fn live(page: &str, tag: &str) -> String {
    format!("{page}/live?tag={tag}")
}

/// Something to be done with an invoice: `edit` and `send` (GET and POST); `payments`, `void`, `delete`,
/// `duplicate`, `remind`, `link` or `link-off` (POST); `pdf` (GET).
#[must_use]
pub fn app_invoice_act(id: &str, act: &str) -> String {
    format!("{APP_INVOICES}/{id}/{act}")
}

/// POST: takes a payment back.
#[must_use]
pub fn app_payment_reverse(id: &str) -> String {
    format!("/app/payments/{id}/reverse")
}

/// An invoice of the portal as PDF.
#[must_use]
pub fn portal_invoice_pdf(id: &str) -> String {
    format!("{PORTAL_INVOICES}/{id}/pdf")
}

/// The receipt for a payment, as PDF, beside the invoice that it was for: one of the portal's, of the team's or a
/// shared one.
#[must_use]
pub fn receipt(invoice: &str, payment: &str) -> String {
    format!("{invoice}/payments/{payment}/pdf")
}

/// Something of the days from one to another, each as `2026-11-03`.
#[must_use]
pub fn of_days(path: &str, from: &str, to: &str) -> String {
    let mut query = String::new();
    push(&mut query, "from", from);
    push(&mut query, "to", to);
    with_query(path, &query)
}

/// The overview with the chart of one currency.
#[must_use]
pub fn app_overview(currency: &str) -> String {
    let mut query = String::new();
    push(&mut query, "currency", currency);
    with_query(APP, &query)
}

/// A page of the payments of all clients.
#[must_use]
pub fn app_payments(search: &str, cursor: Option<Cursor<'_>>) -> String {
    let mut query = String::new();
    if !search.is_empty() {
        push(&mut query, "q", search);
    }
    push_cursor(&mut query, cursor);
    with_query(APP_PAYMENTS, &query)
}

/// The log by what it is filtered by, as page or as file.
#[must_use]
pub fn app_activity(path: &str, filters: &[(&'static str, String)], cursor: Option<Cursor<'_>>) -> String {
    let mut query = String::new();
    for (key, value) in filters {
        push(&mut query, key, value);
    }
    push_cursor(&mut query, cursor);
    with_query(path, &query)
}

/// One client.
#[must_use]
pub fn app_client(id: &str) -> String {
    format!("{APP_CLIENTS}/{id}")
}

/// Something to be done with a client: `edit` (GET and POST), `archive` or `restore` (POST), `statement`,
/// `statement.pdf` or `statement.csv` (GET).
#[must_use]
pub fn app_client_act(id: &str, act: &str) -> String {
    format!("{APP_CLIENTS}/{id}/{act}")
}

/// The form for a new contact of a client (GET) and adding it (POST).
#[must_use]
pub fn app_contact_new(client: &str) -> String {
    format!("{APP_CLIENTS}/{client}/contacts/new")
}

/// A contact's form (GET) and changing it (POST).
#[must_use]
pub fn app_contact(client: &str, contact: &str) -> String {
    format!("{APP_CLIENTS}/{client}/contacts/{contact}")
}

/// POST: something to be done with a contact: `access`, `preview`, `end-sessions` or `remove`.
#[must_use]
pub fn app_contact_act(client: &str, contact: &str, act: &str) -> String {
    format!("{APP_CLIENTS}/{client}/contacts/{contact}/{act}")
}

/// An org's logo, addressed by the SHA-256 of its bytes, so it may be cached for ever.
#[must_use]
pub fn brand_logo(org_slug: &str, sha256_hex: &str) -> String {
    format!("/brand/{org_slug}/{sha256_hex}")
}

/// The theme stylesheet of an accent colour, addressed by its six hexadecimal digits, so it may be
/// cached for ever.
#[must_use]
pub fn brand_theme(accent_hex: &str) -> String {
    format!("/brand/theme/{accent_hex}.css")
}

/// One mail in the demo's mailbox.
#[must_use]
pub fn dev_mail(id: &str) -> String {
    format!("{DEV_MAIL}/{id}")
}

/// A page of the invoice list: filter, search and one cursor, left out where they are the default.
#[must_use]
pub fn portal_invoices(status: Option<&str>, search: &str, cursor: Option<Cursor<'_>>) -> String {
    let mut query = String::new();
    if let Some(status) = status {
        push(&mut query, "status", status);
    }
    if !search.is_empty() {
        push(&mut query, "q", search);
    }
    push_cursor(&mut query, cursor);
    with_query(PORTAL_INVOICES, &query)
}

/// A page of a list that has nothing but a cursor (payments, access log).
#[must_use]
pub fn page_of(path: &str, cursor: Option<Cursor<'_>>) -> String {
    let mut query = String::new();
    push_cursor(&mut query, cursor);
    with_query(path, &query)
}

/// Where a page of a list begins: after or before a row.
#[derive(Debug, Clone, Copy)]
pub enum Cursor<'a> {
    /// The rows that follow this one.
    After(&'a str),
    /// The rows that precede this one.
    Before(&'a str),
}

fn push_cursor(query: &mut String, cursor: Option<Cursor<'_>>) {
    match cursor {
        Some(Cursor::After(value)) => push(query, "after", value),
        Some(Cursor::Before(value)) => push(query, "before", value),
        None => {}
    }
}

fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Appends `key=value`, percent-encoded as `application/x-www-form-urlencoded` wants it.
fn push(query: &mut String, key: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(key);
    query.push('=');
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => query.push(byte as char),
            b' ' => query.push('+'),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(query, "%{byte:02X}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_link_carries_only_what_differs_from_the_default() {
        assert_eq!(portal_invoices(None, "", None), "/portal/invoices");
        assert_eq!(
            portal_invoices(Some("open"), "a&b ü", Some(Cursor::After("x="))),
            "/portal/invoices?status=open&q=a%26b+%C3%BC&after=x%3D"
        );
    }
}
