//! Random operations (rules I1 to I5): three orgs with three clients each, everybody asks for anything with anybody's ids and
//! cursors, and nobody is ever shown a word of somebody else's – in no body, header, mail, document, export, log or error.
//! Then again with each wall taken down alone; with two of them down that stand for each other, it is shown something.

mod ask;
mod look;

use std::collections::BTreeSet;

use postern::{
    clock::Clock,
    config::DatabaseConfig,
    doctor::{
        self,
        asker::{Asker, askers},
        documents::{Document, Documents},
        world::World,
    },
    state::App,
    store::testing::{Walls, gaps},
};

use crate::harness::{Database, Dice, Kind, log, proof, rounds};

/// How many operations there are where nobody wants another number.
const USUAL: u32 = 1_200;
/// So many happen to a world until it is made anew: much of it is cancelled, removed and switched off by then.
const A_WORLD: u32 = 400;

/// Which wall is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Down {
    None,
    Predicate,
    Recheck,
    RowLevelSecurity,
    Guards,
    /// Both, which on SQLite stand for each other.
    PredicateAndRecheck,
}

impl Down {
    fn walls(self) -> Walls {
        Walls {
            without_predicate: matches!(self, Self::Predicate | Self::PredicateAndRecheck),
            without_recheck: matches!(self, Self::Recheck | Self::PredicateAndRecheck),
            without_guards: self == Self::Guards,
        }
    }

    /// Whether the check of the rows is what stops an answer. Without the predicate that is so on SQLite alone; on PostgreSQL
    /// the database has taken the rows out before.
    fn leaves_it_to_the_recheck(self, kind: Kind) -> bool {
        self == Self::Predicate && kind == Kind::Sqlite
    }
}

/// What has been counted over all worlds.
#[derive(Debug, Default)]
struct Count {
    worlds: u32,
    operations: u32,
    /// Answers with something of one's own.
    own: u32,
    /// With ids of somebody else.
    foreign: u32,
    /// Mails with a word of whom they are from or for.
    mails: u32,
    /// Documents that were answered, or went with a mail.
    papers: u32,
    /// How often somebody came by a wall that is down.
    gaps: u64,
    /// Rows of others that the check of the rows held back.
    held_back: i64,
}

/// A world, those who ask, and what they have got hold of.
struct Play {
    database: Database,
    down: Down,
    /// By which the world was made, with all walls.
    whole: App,
    app: App,
    world: World,
    askers: Vec<Asker>,
    documents: Vec<Document>,
    cursors: Vec<String>,
    /// Ids by which somebody of an org has made something of their own.
    typed: Vec<BTreeSet<String>>,
    mails_seen: BTreeSet<String>,
    dice: Dice,
}

impl Play {
    async fn begin(database: Database, down: Down, seed: u64) -> Self {
        let config = doctor::config(&DatabaseConfig::of(database.url().to_owned())).unwrap();
        let clock = Clock::system();
        let whole = App::open(config.clone(), clock.clone()).await.unwrap();
        let world = World::found(&whole, 3, 3).await.unwrap();
        let app = App::with_store(config, clock, whole.store.with_walls(down.walls())).unwrap();
        if down == Down::RowLevelSecurity {
            for table in database.texts("SELECT relname::text FROM pg_class WHERE relrowsecurity").await {
                database.execute(&format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")).await;
            }
        }
        let askers = askers(&app, &world);
        let documents = Documents::of_the_schema().unwrap().all;
        let typed = vec![BTreeSet::new(); world.orgs.len()];
        let (cursors, mails_seen) = (vec![], BTreeSet::new());
        let dice = Dice::new(seed);
        Self { database, down, whole, app, world, askers, documents, cursors, typed, mails_seen, dice }
    }

    /// One operation of somebody.
    async fn operate(&mut self, count: &mut Count) {
        let at = usize::try_from(self.dice.below(self.askers.len() as u64)).unwrap();
        let place = self.place();
        let is_foreign = !self.askers[at].owns(place);
        let (asked, answer, shared) = if self.dice.chance(45) {
            self.by_route(at, place).await
        } else {
            self.by_document(at, place).await
        };
        self.is_no_fault(&asked, &answer);
        count.operations += 1;
        count.foreign += u32::from(is_foreign);
        self.look_at(at, &asked, &answer, shared, count);
        self.keep_cursors(&answer);
    }

    /// Counts what is to be seen of the wall that is down.
    async fn end(self, count: &mut Count) {
        let held_back = "SELECT COUNT(*) FROM activity WHERE kind = 'security.tenant_mismatch'";
        count.held_back += self.database.number(held_back).await;
        if self.down == Down::RowLevelSecurity {
            let standing = self.database.number("SELECT COUNT(*) FROM pg_class WHERE relrowsecurity").await;
            assert_eq!(standing, 0);
        }
        self.app.store.close().await;
    }
}

async fn play(kind: Kind, down: Down) {
    if kind == Kind::Postgres && !Kind::postgres_is_there() {
        return;
    }
    log::keep();
    let wanted = rounds().unwrap_or(USUAL);
    let mut count = Count::default();
    let mut seed = 1;
    while count.operations < wanted {
        let database = Database::create(kind).await;
        let mut play = Play::begin(database, down, seed).await;
        let before = gaps();
        for _ in 0..A_WORLD.min(wanted - count.operations) {
            play.operate(&mut count).await;
        }
        play.look_at_mails_and_log(&mut count).await;
        count.gaps += gaps() - before;
        play.end(&mut count).await;
        count.worlds += 1;
        seed += 1;
    }
    let Count { worlds, operations, own, foreign, mails, papers, gaps, held_back } = count;
    // Whoever lists anything is stopped.
    let is_stopped = down.leaves_it_to_the_recheck(kind);
    assert!(own > operations / if is_stopped { 100 } else { 20 }, "the positive control: {count:?}");
    assert!(foreign > operations / 2 && mails > worlds * 20 && papers > worlds * 10, "{count:?}");
    let is_ours = matches!(down, Down::Predicate | Down::Recheck | Down::Guards);
    assert_eq!(gaps > u64::from(operations / 20), is_ours, "the wall is down: {count:?}");
    assert_eq!(held_back > i64::from(operations / 100), is_stopped, "what the next wall stops: {count:?}");
    let passed = match down {
        // It is the database's, and nobody counts who comes by.
        Down::RowLevelSecurity => "row-level security off on every table".to_owned(),
        _ => format!("{gaps} times by where the wall is down"),
    };
    proof(
        &format!("random operations of three organisations × three clients, {kind:?}, wall down: {down:?}"),
        &format!(
            "{operations} operations, {foreign} of them with others' ids; {own} showed one's own, {mails} mails with one's own, {papers} documents, {passed}, {held_back} rows held back; nothing of others"
        ),
    );
}

macro_rules! plays {
    ($($name:ident($kind:ident, $down:ident);)*) => {$(
        #[tokio::test]
        async fn $name() {
            play(Kind::$kind, Down::$down).await;
        }
    )*};
}

/// What looks would see it: with predicate and check of the rows both down, SQLite shows what is others'.
#[tokio::test]
#[should_panic(expected = "was shown to")]
async fn with_both_down_it_would_be_seen() {
    play(Kind::Sqlite, Down::PredicateAndRecheck).await;
}

plays! {
    nobody_is_shown_anothers_word_on_sqlite(Sqlite, None);
    nobody_is_shown_anothers_word_on_postgres(Postgres, None);
    nor_without_the_predicate_on_sqlite(Sqlite, Predicate);
    nor_without_the_predicate_on_postgres(Postgres, Predicate);
    nor_without_the_recheck_on_sqlite(Sqlite, Recheck);
    nor_without_the_recheck_on_postgres(Postgres, Recheck);
    nor_without_row_level_security(Postgres, RowLevelSecurity);
    nor_without_the_guards_on_sqlite(Sqlite, Guards);
    nor_without_the_guards_on_postgres(Postgres, Guards);
}
