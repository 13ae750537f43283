//! A line before something of which there is only so much: so many at once, so many more in line, and nobody waits
//! long. Who finds it full is told at once, which costs nothing; a line without an end would keep everybody waiting.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::error::{Error, Result};

/// The line. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Line {
    places: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    patience: Duration,
}

/// A place, until it is dropped.
pub type Place = OwnedSemaphorePermit;

impl Line {
    /// So many at once, so many in line, none of them longer than this.
    #[must_use]
    pub fn new(at_once: usize, in_line: usize, patience: Duration) -> Self {
        Self {
            places: Arc::new(Semaphore::new(at_once)),
            waiting: Arc::new(Semaphore::new(in_line)),
            patience,
        }
    }

    /// A place, at once or after a short while. First come, first served.
    ///
    /// # Errors
    /// [`Error::Busy`] when the line is full, or was too slow.
    pub async fn enter(&self) -> Result<Place> {
        if let Some(place) = self.try_enter() {
            return Ok(place);
        }
        let _waiting = self.waiting.try_acquire().map_err(|_| Error::Busy)?;
        match timeout(self.patience, Arc::clone(&self.places).acquire_owned()).await {
            Ok(place) => place.map_err(Error::bug),
            Err(_) => Err(Error::Busy),
        }
    }

    /// A place, if one is free now and nobody waits for it.
    #[must_use]
    pub fn try_enter(&self) -> Option<Place> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[tokio::test]
    async fn who_finds_the_line_full_is_told_at_once_and_nobody_waits_long() {
        const PATIENCE: Duration = Duration::from_millis(100);
        let line = Line::new(1, 1, PATIENCE);
        let place = line.enter().await.unwrap();
        let second = tokio::spawn({
            let line = line.clone();
            async move { line.enter().await }
        });
        while line.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(line.enter().await, Err(Error::Busy)), "the line is full");
        assert!(!second.is_finished(), "and that was told at once");
        drop(place);
        let place = second.await.unwrap().unwrap();
        let began = Instant::now();
        assert!(matches!(line.enter().await, Err(Error::Busy)));
        assert!(began.elapsed() >= PATIENCE, "it was too slow");
        drop(place);
        assert!(line.enter().await.is_ok(), "and it is well again");
    }
}
