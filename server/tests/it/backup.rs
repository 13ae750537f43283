//! What was acknowledged before a backup began is in it, whole, however much is written meanwhile; and a backup that is
//! put back serves. On SQLite by our own command, on PostgreSQL by its own tools, as the README has it.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use postern::{
    config::DatabaseConfig,
    error::Error,
    store::{backup, restore},
};
use sqlx::Executor as _;

use crate::{
    harness::{Browser, Database, Kind, TestApp, both_databases, proof},
    world::World,
};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A name for a file, which goes with whoever has it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(ending: &str) -> Self {
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("postern-backup-{}-{n}.{ending}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
        let _ = std::fs::remove_file(sum_of(&self.0));
    }
}

/// Where the sum of a backup stands.
fn sum_of(backup: &Path) -> PathBuf {
    backup.with_extension("db.sha256")
}

fn config(database: &Database) -> DatabaseConfig {
    DatabaseConfig::of(database.url().to_owned())
}

/// Writes clients, and payments of a cent, until it is told to stop; keeps the names of what was acknowledged.
async fn write_on(
    mut owner: Browser,
    invoice: uuid::Uuid,
    done: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
) {
    for n in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let name = format!("Client {n}");
        let form =
            [("name", name.as_str()), ("currency", "EUR"), ("locale", "en"), ("address", ""), ("taxId", "")];
        let page = owner.post("/app/clients/new", &form).await;
        assert_eq!(page.status, 303, "{}", page.body);
        done.lock().unwrap().push(name);
        if n < 100 {
            let reference = format!("Cent {n}");
            let id = uuid::Uuid::from_u128(0x0b00_0000 + n).to_string();
            let form = [
                ("id", id.as_str()),
                ("method", "CASH"),
                ("amount", "0.01"),
                ("receivedOn", "2026-03-01"),
                ("reference", reference.as_str()),
            ];
            let page = owner.post(&format!("/app/invoices/{invoice}/payments"), &form).await;
            assert_eq!(page.status, 303, "{}", page.body);
            done.lock().unwrap().push(reference);
        }
    }
}

/// Backs the database up and puts the backup into another one, which it gives.
async fn copied(app: &TestApp) -> Database {
    match app.database.kind {
        Kind::Sqlite => {
            let file = Scratch::new("db");
            let taken = backup(&config(&app.database), &file.0).await.unwrap();
            let other = Database::create(Kind::Sqlite).await;
            assert_eq!(restore(&file.0, &config(&other)).await.unwrap(), taken);
            other
        }
        Kind::Postgres => {
            let file = Scratch::new("dump");
            let role = format!("postern_backup_{}", std::process::id());
            let mut owner = app.database.postgres().await;
            let make = format!("CREATE ROLE {role} LOGIN BYPASSRLS IN ROLE pg_read_all_data");
            owner.execute(sqlx::AssertSqlSafe(make)).await.unwrap();
            let mut url = url::Url::parse(app.database.url()).unwrap();
            url.set_username(&role).unwrap();
            tool("pg_dump", &[url.as_str(), "--format=custom", &format!("--file={}", file.0.display())])
                .await;
            let other = Database::empty_postgres().await;
            tool("pg_restore", &["--exit-on-error", "--dbname", other.url(), &file.0.display().to_string()])
                .await;
            owner.execute(sqlx::AssertSqlSafe(format!("DROP ROLE {role}"))).await.unwrap();
            other
        }
    }
}

async fn tool(name: &'static str, arguments: &[&str]) {
    let mut command = Command::new(name);
    command.args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    let output = output.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}

both_databases! {
    /// A backup that is taken while others write has all that was acknowledged before, fits together, and serves.
    async fn a_backup_under_load_has_what_was_acknowledged_and_serves(app: TestApp) {
        let world = World::fill(&app).await;
        let (done, stop) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let owner = app.member("owner@alder.test").await;
        let session = owner.cookies.clone();
        let writer = tokio::spawn(write_on(owner, world.a1.open, Arc::clone(&done), Arc::clone(&stop)));
        while done.lock().unwrap().len() < 40 {
            tokio::task::yield_now().await;
        }
        let before = done.lock().unwrap().clone();
        let other = copied(&app).await;
        stop.store(true, Ordering::Relaxed);
        writer.await.unwrap();
        assert!(done.lock().unwrap().len() > before.len(), "it was taken under load");

        let there = [
            other.texts("SELECT name FROM clients").await,
            other.texts("SELECT reference FROM payments").await,
        ]
        .concat();
        for one in &before {
            assert!(there.contains(one), "{one} was acknowledged and is not in the backup");
        }
        proof(
            &format!("What was acknowledged before a backup under load is in it, {:?}", app.database.kind),
            &format!("{} writes before it, {} during it, none of the former missing", before.len(), done.lock().unwrap().len() - before.len()),
        );
        let unbalanced = "SELECT COUNT(*) FROM invoices i WHERE i.paid_minor <> \
            (SELECT COALESCE(SUM(p.amount_minor), 0) FROM payments p WHERE p.invoice_id = i.id)";
        assert_eq!(other.number(unbalanced).await, 0, "what was paid is the sum of the payments");

        let restored = app.elsewhere(other).await;
        let mut owner = restored.browser();
        owner.cookies = session;
        let page = owner.get(&format!("/app/clients?q={}", "Client%200")).await;
        assert!(page.status == 200 && page.body.contains("Client 0"), "a session goes on: {}", page.body);
        let mut contact = restored.signed_in(&world.a1.email()).await;
        let page = contact.get(&format!("/portal/invoices/{}", world.a1.open)).await;
        assert!(page.status == 200 && page.body.contains("Cent 0"), "{}", page.body);
    }
}

async fn filled() -> (TestApp, Scratch) {
    let app = TestApp::start(Kind::Sqlite).await;
    World::fill(&app).await;
    let file = Scratch::new("db");
    backup(&config(&app.database), &file.0).await.unwrap();
    (app, file)
}

fn refused(answer: Result<postern::store::Copied, Error>) -> &'static str {
    match answer {
        Err(Error::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_backup_replaces_no_file_and_leaves_none_unfinished() {
    let (app, file) = filled().await;
    let before = std::fs::read(&file.0).unwrap();
    assert!(refused(backup(&config(&app.database), &file.0).await).contains("replaces none"));
    assert!(std::fs::read(&file.0).unwrap() == before);
    let partial = file.0.with_extension("db.partial");
    assert!(!partial.exists());
    let nowhere = Path::new("/nowhere/at/all.db");
    assert!(matches!(backup(&config(&app.database), nowhere).await, Err(Error::Unavailable(_))));
    proof(
        "A backup replaces no file and leaves none unfinished (SQLite)",
        &format!(
            "refused over a backup of {} bytes, which stayed as it was, and in a folder that is not there",
            before.len()
        ),
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_backup_can_be_read_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_app, file) = filled().await;
    let mode = std::fs::metadata(&file.0).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    proof("A backup can be read by its owner alone (SQLite)", &format!("its mode is {mode:o}"));
}

#[tokio::test]
async fn nothing_is_restored_over_a_database_and_nothing_from_a_damaged_backup() {
    let (app, file) = filled().await;
    assert!(refused(restore(&file.0, &config(&app.database)).await).contains("there is a database"));

    // A byte of a text fits as well as the one before: the sum knows. A page does not: SQLite knows, without a sum.
    let bytes = std::fs::read(&file.0).unwrap();
    let other = Database::create(Kind::Sqlite).await;
    let canary = bytes.windows(6).position(|part| part == b"CANARY").unwrap();
    for (place, length, with_sum) in [(canary, 1, true), (bytes.len() / 4096 / 2 * 4096, 4096, false)] {
        let damaged = Scratch::new("db");
        let mut bytes = bytes.clone();
        bytes[place..place + length].fill(b'c');
        std::fs::write(&damaged.0, &bytes).unwrap();
        if with_sum {
            std::fs::copy(sum_of(&file.0), sum_of(&damaged.0)).unwrap();
        }
        assert!(refused(restore(&damaged.0, &config(&other)).await).contains("damaged"), "{length}");
    }
    let text = Scratch::new("db");
    std::fs::write(&text.0, "no database").unwrap();
    assert!(refused(restore(&text.0, &config(&other)).await).contains("damaged"));
    assert!(restore(&file.0, &config(&other)).await.is_ok(), "what was refused has left nothing behind");
    proof(
        "Nothing is restored over a database, and nothing from a damaged backup (SQLite)",
        "refused: over a database, a byte changed (by the sum), a page changed (by SQLite), a text; then the whole one restored",
    );
}

#[tokio::test]
async fn of_postgresql_one_is_sent_to_its_own_tools() {
    let config = DatabaseConfig::of("postgres://db.example.org/postern".to_owned());
    let said = refused(backup(&config, Path::new("x.db")).await);
    assert!(said.contains("pg_dump"));
    proof("Of PostgreSQL one is sent to its own tools", said);
}

#[tokio::test]
async fn the_commands_say_what_they_did() {
    let (app, _file) = filled().await;
    let (file, other) = (Scratch::new("db"), Database::create(Kind::Sqlite).await);
    let run = |command: &str, url: &str| {
        let mut postern = Command::new(env!("CARGO_BIN_EXE_postern"));
        let output = postern.arg(command).arg(&file.0).env("DATABASE_URL", url).output().unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let (is_done, said) = run("backup", app.database.url());
    assert!(
        is_done
            && said.starts_with("Backed up and checked: ")
            && said.contains(" MB, 2 organisations, 24 invoices"),
        "{said}"
    );
    let (is_done, said) = run("backup", app.database.url());
    assert!(!is_done && said.contains("postern: there is a file of that name already"), "{said}");
    let check = Command::new("sha256sum")
        .arg("--check")
        .arg(sum_of(&file.0))
        .current_dir(std::env::temp_dir())
        .output();
    assert!(check.unwrap().status.success(), "sha256sum reads the sum");
    let (is_done, said) = run("restore", other.url());
    assert!(is_done && said.starts_with("Restored and checked: "), "{said}");
    proof("The commands say what they did, and sha256sum reads the sum (SQLite)", said.trim());
}
