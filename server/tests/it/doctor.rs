//! `postern doctor --isolation` finds nothing in a build that is whole, and everything in one whose walls are down (rule I6).

use postern::{
    clock::Clock,
    config::DatabaseConfig,
    doctor::{self, Report},
    state::App,
    store::{Scratch, testing::Walls},
};

use crate::harness::{Database, Kind, both_databases, proof};

async fn walked(database: &DatabaseConfig, walls: Walls) -> Report {
    let scratch = Scratch::make(database).await.unwrap();
    let config = doctor::config(scratch.config()).unwrap();
    let clock = Clock::system();
    let app = App::open(config.clone(), clock.clone()).await.unwrap();
    let open = App::with_store(config, clock, app.store.with_walls(walls)).unwrap();
    let report = doctor::walk(&open).await.unwrap();
    app.store.close().await;
    scratch.remove().await.unwrap();
    report
}

both_databases! {
    /// Everybody sees their own and nothing else; what is printed says so, and the scratch database is gone.
    async fn the_walk_finds_nothing(app: TestApp) {
        let database = &app.app.config.database;
        let report = doctor::isolation(database, Clock::system()).await.unwrap();
        assert!(report.holds(), "{report}");
        let text = report.to_string();
        assert!(text.contains("PASSED") && text.contains("the contact of client 2 of org 1") && !text.contains("SHOWN"), "{text}");
        assert!(report.requests() > 5_000 && report.compared() > 3_000, "{text}");
        if app.database.kind == Kind::Postgres {
            let left = app.database.number("SELECT COUNT(*) FROM pg_database WHERE datname LIKE 'postern_doctor_%'").await;
            assert_eq!(left, 0, "the scratch database is gone");
        }
        proof(&format!("`postern doctor --isolation`, {:?}", app.database.kind), &format!("{} requests, {} answers compared, nothing seen", report.requests(), report.compared()));
    }
}

/// With predicate and check of the rows both gone, SQLite shows foreign rows: the walk must find them. (On PostgreSQL its own
/// wall still stands then: `walls.rs`.)
#[tokio::test]
async fn the_walk_would_find_a_hole() {
    let database = Database::create(Kind::Sqlite).await;
    let walls = Walls { without_predicate: true, without_recheck: true, without_guards: false };
    let report = walked(&DatabaseConfig::of(database.url().to_owned()), walls).await;
    let text = report.to_string();
    assert!(!report.holds() && report.findings().count() > 100, "{text}");
    assert!(text.contains("SHOWN as the contact of client 1 of org 1") && text.contains("FAILED"), "{text}");
}
