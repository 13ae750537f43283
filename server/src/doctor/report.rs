//! What `postern doctor --isolation` prints.

use std::{fmt, time::Duration};

use super::world::Place;

/// Something that was shown to whom it does not belong to.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What was asked for.
    pub asked: String,
    /// What was shown.
    pub saw: &'static str,
    /// Whose it is.
    pub of: Place,
}

/// What was seen as one of those who asked.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    /// How often something was asked for.
    pub requests: u64,
    /// Answers with something of one's own.
    pub own: u64,
    /// Answers about what is somebody else's that were held against the answer about what is not there.
    pub compared: u64,
    /// Those of them that differ.
    pub told_apart: Vec<String>,
    /// What is somebody else's and was shown.
    pub findings: Vec<Finding>,
    /// Answers that were faults of ours.
    pub faults: Vec<String>,
}

#[derive(Debug)]
struct Line {
    label: String,
    has_own: bool,
    tally: Tally,
    unchanged: bool,
}

/// The result of a walk.
#[derive(Debug)]
pub struct Report {
    routes: usize,
    fields: usize,
    lines: Vec<Line>,
    /// Which database it was, and how long it took; known by whoever began.
    pub of: Option<(&'static str, Duration)>,
}

impl Report {
    pub(super) const fn of(routes: usize, fields: usize) -> Self {
        Self { routes, fields, lines: vec![], of: None }
    }

    pub(super) fn add(&mut self, label: &str, has_own: bool, tally: Tally, unchanged: bool) {
        self.lines.push(Line { label: label.to_owned(), has_own, tally, unchanged });
    }

    /// Whether everybody saw their own, and nobody anything else.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.lines.iter().all(Line::holds)
    }

    /// How often something was asked for.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.lines.iter().map(|line| line.tally.requests).sum()
    }

    /// How many answers about what is somebody else's were held against those about what is not there.
    #[must_use]
    pub fn compared(&self) -> u64 {
        self.lines.iter().map(|line| line.tally.compared).sum()
    }

    /// What was shown to whom it does not belong to, as whom.
    pub fn findings(&self) -> impl Iterator<Item = (&str, &Finding)> {
        self.lines
            .iter()
            .flat_map(|line| line.tally.findings.iter().map(|finding| (line.label.as_str(), finding)))
    }
}

impl Line {
    fn holds(&self) -> bool {
        let Tally { own, told_apart, findings, faults, .. } = &self.tally;
        self.unchanged
            && (*own > 0) == self.has_own
            && told_apart.is_empty()
            && findings.is_empty()
            && faults.is_empty()
    }
}

/// No more of a kind is printed for one of those who asked.
const MOST_TOLD: usize = 5;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "Who sees what? Two organisations with two clients each were made in a scratch database, as people"
        )?;
        writeln!(
            f,
            "make theirs. Then all {} routes and all {} fields of the schema were asked for as each of them,",
            self.routes, self.fields
        )?;
        writeln!(f, "and as nobody, with the ids of everything there is.\n")?;
        writeln!(
            f,
            "{:<38}{:>9}{:>12}{:>10}{:>11}",
            "asked as", "requests", "saw own", "others'", "others'"
        )?;
        writeln!(f, "{:<38}{:>9}{:>12}{:>10}{:>11}", "", "", "", "shown", "changed")?;
        for Line { label, tally, unchanged, .. } in &self.lines {
            let (shown, changed) = (tally.findings.len(), if *unchanged { "no" } else { "YES" });
            writeln!(f, "{label:<38}{:>9}{:>12}{shown:>10}{changed:>11}", tally.requests, tally.own)?;
        }
        writeln!(f)?;
        for line in &self.lines {
            line.tell(f)?;
        }
        let apart: usize = self.lines.iter().map(|line| line.tally.told_apart.len()).sum();
        writeln!(
            f,
            "What is not yours and what does not exist: {} answers compared, {apart} of them different.",
            self.compared()
        )?;
        if let Some((database, took)) = self.of {
            writeln!(
                f,
                "{} requests on {database} in {} s; the scratch database is gone.",
                self.requests(),
                took.as_secs()
            )?;
        }
        let verdict = if self.holds() {
            "PASSED: everybody saw their own, and nobody saw or changed anything else."
        } else {
            "FAILED: what is marked above must not be. Please do not serve with this build, and report it (SECURITY.md)."
        };
        writeln!(f, "\n{verdict}")
    }
}

impl Line {
    fn tell(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { label, has_own, tally, unchanged } = self;
        for Finding { asked, saw, of } in tally.findings.iter().take(MOST_TOLD) {
            let client = of.client.map_or_else(String::new, |client| format!(" of client {}", client + 1));
            writeln!(f, "SHOWN as {label}: {saw}{client} of org {}, by {asked}", of.org + 1)?;
        }
        for (what, all) in [("TOLD APART", &tally.told_apart), ("A FAULT", &tally.faults)] {
            for one in all.iter().take(MOST_TOLD) {
                writeln!(f, "{what} as {label}: {one}")?;
            }
        }
        if !unchanged {
            writeln!(f, "CHANGED as {label}: something of another organisation or client")?;
        }
        if *has_own && tally.own == 0 {
            writeln!(f, "NOTHING SEEN as {label}: not even their own, so this walk proves nothing")?;
        }
        Ok(())
    }
}
