//! Rule I1, read off the statements themselves: every statement that any test runs is parsed, and each table of a tenant in it
//! must be held to the tenant of whoever asks, by `$1` itself or by a join with what is. Each such predicate is then dropped in
//! turn, and the reading must notice. So a statement without its predicate ends the run of the tests with the first that runs it.

mod across;
mod changes;
mod names;
mod queries;
mod reading;
mod side;
mod tables;

use std::{
    cell::RefCell,
    collections::HashSet,
    io::Write as _,
    sync::{LazyLock, Mutex},
};

use postern::store::testing;

use reading::Reading;
use side::Side;

/// What has been read already, and as whose.
static SEEN: LazyLock<Mutex<HashSet<(Side, String)>>> = LazyLock::new(Mutex::default);

thread_local! {
    /// What is heard on this thread while a test wants to know: it runs on one, and so does everything that it causes.
    static HEARD: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// The statements that this runs, one after the other, and what comes of it.
pub async fn heard_of<T>(what: impl Future<Output = T>) -> (Vec<String>, T) {
    HEARD.set(Some(vec![]));
    let done = what.await;
    (HEARD.take().unwrap(), done)
}

/// Reads every statement of this process from now on.
pub fn watch() {
    testing::listen(hear);
}

fn hear(sql: &str, file: &'static str) {
    HEARD.with_borrow_mut(|heard| {
        if let Some(heard) = heard {
            heard.push(sql.to_owned());
        }
    });
    let side = Side::of(file);
    // A test takes the predicates out itself, to see that the other walls hold.
    if sql.contains("IS NOT NULL AND $") || !SEEN.lock().unwrap().insert((side, sql.to_owned())) {
        return;
    }
    match read(sql, side) {
        Ok(predicates) => eprintln!("statement: {predicates} predicates | {file} | {sql}"),
        Err(problem) => {
            // A panic would be a 500 to whoever asked, and not every test looks at that. What a test prints is kept from sight
            // until it ends; what goes to the terminal itself is not.
            let _ = writeln!(std::io::stderr(), "\n{problem}, in {file}: {sql}");
            std::process::abort();
        }
    }
}

/// How many predicates hold this statement to its tenant; or what does not, or need not.
fn read(sql: &str, side: Side) -> Result<usize, String> {
    let reading = Reading::of(sql, side)?;
    let crosses = side == Side::System && across::may(sql);
    let loose = reading.loose(None);
    if let (Some(what), false) = (loose.first(), crosses) {
        return Err(format!("{what} is held to no tenant"));
    }
    for (term, text) in reading.predicates() {
        if reading.loose(Some(term)).len() == loose.len() {
            return Err(format!("nothing would notice if this were dropped: {text}"));
        }
    }
    Ok(reading.predicates().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_nothing_holds_is_found() {
        for (side, good) in [
            (Side::Team, "SELECT id FROM invoices WHERE org_id = $1"),
            (Side::Portal, "SELECT id FROM invoices WHERE org_id = $1 AND client_id = $2"),
            (
                Side::Portal,
                "SELECT i.id, (SELECT MAX(p.amount_minor) FROM payments p WHERE p.org_id = i.org_id AND p.client_id = i.client_id \
                 AND p.invoice_id = i.id) FROM invoices i WHERE i.org_id = $1 AND i.client_id = $2",
            ),
            (
                Side::Team,
                "SELECT c.id FROM clients c JOIN invoices i ON i.org_id = c.org_id AND i.client_id = c.id WHERE c.org_id = $1",
            ),
            (
                Side::Team,
                "DELETE FROM invoice_lines WHERE org_id = $1 AND client_id = $2 AND invoice_id = $3",
            ),
            (Side::Team, "INSERT INTO clients (org_id, id) SELECT org_id, $2 FROM clients WHERE org_id = $1"),
        ] {
            assert!(read(good, side).is_ok(), "{good}: {:?}", read(good, side));
        }
        for (side, bad) in [
            (Side::Team, "SELECT id FROM invoices WHERE id = $1"),
            (Side::Team, "SELECT id FROM invoices WHERE org_id = $2"),
            (Side::Portal, "SELECT id FROM invoices WHERE org_id = $1"),
            (Side::Team, "SELECT id FROM invoices WHERE org_id = $1 OR id = $2"),
            (
                Side::Team,
                "SELECT c.id FROM clients c JOIN invoices i ON i.client_id = c.id WHERE c.org_id = $1",
            ),
            (
                Side::Team,
                "SELECT c.id FROM clients c LEFT JOIN invoices i ON c.org_id = $1 AND i.org_id = c.org_id",
            ),
            (
                Side::Team,
                "UPDATE clients SET name = $2 WHERE id = $3 AND EXISTS (SELECT 1 FROM members WHERE org_id = $1)",
            ),
            (Side::Team, "INSERT INTO clients (org_id, id) SELECT org_id, $2 FROM clients WHERE id = $1"),
            (Side::Team, "SELECT id FROM invoices WHERE org_id = $1 AND $1 = org_id"),
        ] {
            assert!(read(bad, side).is_err(), "{bad}");
        }
    }
}
