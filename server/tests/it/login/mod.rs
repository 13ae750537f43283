//! Logging in by magic link (rules L1 to L8).

mod by_code;
mod by_link;
mod limits;
mod shared_address;
mod wanted_page;

use futures_util::future::join_all;

use crate::harness::{Browser, TestApp};

/// Contacts of two clients, of two orgs, have one address.
async fn share_an_address(app: &TestApp) {
    let sql = "UPDATE contacts SET email = 'shared@clients.test', email_norm = 'shared@clients.test' \
        WHERE email_norm IN ('a1@clients.test', 'b1@clients.test')";
    app.database.execute(sql).await;
}

/// How many rows of the log say for this reason that somebody got no link.
async fn refused(app: &TestApp, why: &str) -> i64 {
    let sql =
        format!("SELECT COUNT(*) FROM activity WHERE kind = 'portal.link_refused' AND detail = '{why}'");
    app.database.number(&sql).await
}

/// What is answered to browsers that post the same at the same time: the statuses, the lowest first.
async fn post_at_once(
    browsers: impl Iterator<Item = Browser>,
    path: &str,
    form: &[(&str, &str)],
) -> Vec<u16> {
    let posts = browsers.map(async |mut browser| browser.post(path, form).await.status);
    let mut statuses = join_all(posts).await;
    statuses.sort_unstable();
    statuses
}
