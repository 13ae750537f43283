//! The org's brand on every page (rule P3).

use crate::{harness::both_databases, world::World};

both_databases! {
    /// Each org's clients see that org's name and colour.
    async fn each_client_sees_its_orgs_brand(app: TestApp) {
        World::fill(&app).await;
        app.database.execute("UPDATE orgs SET accent = '#ffee00' WHERE slug = 'birch'").await;
        let alder = app.signed_in("a1@clients.test").await.get("/portal").await.body;
        assert!(alder.contains("/brand/theme/1f5f4a.css") && alder.contains("Alder Works"));
        let birch = app.signed_in("b1@clients.test").await.get("/portal").await.body;
        assert!(birch.contains("/brand/theme/ffee00.css") && birch.contains("Birch &amp; Sons"));
    }

    /// A logo is served by its hash, as what it is, for a year.
    async fn a_logo_is_served_by_its_hash(app: TestApp) {
        let world = World::fill(&app).await;
        let uuid = |id| app.database.uuid(id);
        let bytes = if app.database.kind == crate::harness::Kind::Sqlite { "X'89504e47'" } else { "'\\x89504e47'" };
        app.database.execute(&format!("INSERT INTO brand_assets (org_id, id, kind, content_type, width, height, sha256, bytes, created_at) VALUES ({}, {}, 'logo', 'image/png', 1, 1, 'abc', {bytes}, '2026-01-01 00:00:00+00:00')", uuid(world.a1.org), uuid(uuid::Uuid::from_u128(3)))).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        assert!(browser.get("/portal").await.body.contains("src=\"/brand/alder/abc\""));
        let logo = browser.get("/brand/alder/abc").await;
        assert_eq!((logo.status, logo.header("content-type")), (200, "image/png"));
        for path in ["/brand/birch/abc", "/brand/alder/abd", "/brand/nobody/abc"] {
            assert_eq!(browser.get(path).await.status, 404, "{path}");
        }
    }

    /// The only org's brand is on the page without an org's name; with several it is nobody's.
    async fn the_only_orgs_brand_is_on_the_login_page(app: TestApp) {
        World::fill(&app).await;
        let several = app.browser().get("/portal/login").await.body;
        assert!(!several.contains("Alder") && !several.contains("Birch"));
        assert!(app.browser().get("/portal/alder/login").await.body.contains("Alder Works"));
    }
}
