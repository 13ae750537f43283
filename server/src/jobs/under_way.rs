//! What one worker has under way at once, and whose each of it is.

use std::collections::BTreeMap;

use tokio::task::{Id, JoinSet};

use crate::error::{Error, Result};

/// Tasks side by side, each for somebody.
///
/// Each is a task of its own: none waits with the one connection that writes in its hands while another is looked for.
pub(super) struct UnderWay<Whose> {
    tasks: JoinSet<Result<()>>,
    whose: BTreeMap<Id, Whose>,
}

impl<Whose: PartialEq> UnderWay<Whose> {
    /// None so far.
    pub(super) fn none() -> Self {
        Self { tasks: JoinSet::new(), whose: BTreeMap::new() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.tasks.len()
    }

    /// How many of them are for this one.
    pub(super) fn of(&self, whose: &Whose) -> usize {
        self.whose.values().filter(|of| *of == whose).count()
    }

    /// Those for whom there is something under way, each as often as there is.
    pub(super) fn whose(&self) -> impl Iterator<Item = &Whose> {
        self.whose.values()
    }

    /// Begins another one.
    pub(super) fn begin(&mut self, whose: Whose, work: impl Future<Output = Result<()>> + Send + 'static) {
        let task = self.tasks.spawn(work);
        self.whose.insert(task.id(), whose);
    }

    /// Waits until one has ended, and gives what came of it; `None` where none is under way. A panic is an error of this one
    /// alone. Nothing is lost where nobody waits to the end.
    pub(super) async fn ended(&mut self) -> Option<Result<()>> {
        let (task, done) = match self.tasks.join_next_with_id().await? {
            Ok((task, done)) => (task, done),
            Err(panic) => (panic.id(), Err(Error::bug(panic))),
        };
        self.whose.remove(&task);
        Some(done)
    }
}
