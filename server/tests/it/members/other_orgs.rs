//! The people and invitations of another org do not exist (rule I5).

use uuid::Uuid;

use super::{COUNT, MEMBERS, id_of, invited, joined, member_id};
use crate::{
    harness::{Browser, both_databases},
    world::World,
};

both_databases! {
    /// People and invitations of another org are such that do not exist, byte for byte (I5).
    async fn another_orgs_people_do_not_exist(app: TestApp) {
        World::fill(&app).await;
        let mut alder = app.member("owner@alder.test").await;
        joined(&app, &mut alder, "ada@alder.test", "member").await;
        let link = invited(&app, &mut alder, "new@alder.test", "member").await;
        let member = member_id(&app, &alder, "ada@alder.test").await;
        let invitation = id_of(&app, &alder, "invitations", "new@alder.test").await;
        let mut birch = app.member("owner@birch.test").await;
        let none = Uuid::from_u128(7).to_string();
        for path in [format!("{MEMBERS}/ID/role"), format!("{MEMBERS}/ID/remove"), "/app/settings/invitations/ID/send".to_owned(), "/app/settings/invitations/ID/revoke".to_owned()] {
            let real = if path.contains("invitations") { &invitation } else { &member };
            let answer = async |browser: &mut Browser, id: &str| {
                browser.post(&path.replace("ID", id), &[("role", "admin")]).await
            };
            let missing = answer(&mut birch, &none).await;
            assert_eq!(missing.status, 404, "{path}");
            assert_eq!(answer(&mut birch, real).await.whole(), missing.whole(), "{path}");
            assert_eq!(answer(&mut birch, "nonsense").await.whole(), missing.whole(), "{path}");
        }
        let page = birch.get(MEMBERS).await.body;
        assert!(!page.contains("alder.test") && page.contains("owner@birch.test"), "{page}");
        assert_eq!(app.browser().get(&link).await.status, 200, "still good");
        assert_eq!(app.database.number(COUNT).await, 2);
    }
}
