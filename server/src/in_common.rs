//! A question that everybody asks alike, such as whether anybody is there: who asks it while another does gets the same
//! answer, so that it is not asked a hundred times just when it takes long.

use std::time::Instant;

use tokio::sync::Mutex;

/// The question, by its last answer.
#[derive(Debug)]
pub struct InCommon<T> {
    last: Mutex<Option<(Instant, T)>>,
}

impl<T> Default for InCommon<T> {
    fn default() -> Self {
        Self { last: Mutex::new(None) }
    }
}

impl<T: Copy> InCommon<T> {
    /// An answer that came after this call: another's, or one's own. Where whoever asks goes away, the next asks instead.
    pub async fn ask(&self, ask: impl Future<Output = T>) -> T {
        let asked = Instant::now();
        let mut last = self.last.lock().await;
        if let Some((_, answer)) = last.filter(|(came, _)| *came > asked) {
            return answer;
        }
        let answer = ask.await;
        *last = Some((Instant::now(), answer));
        answer
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicU32, Ordering},
        time::Duration,
    };

    use futures_util::future::join_all;

    use super::*;

    #[tokio::test]
    async fn who_asks_while_another_does_gets_the_same_answer() {
        let (question, asked) = (InCommon::default(), AtomicU32::new(0));
        let ask = || {
            question.ask(async {
                tokio::time::sleep(Duration::from_millis(10)).await;
                asked.fetch_add(1, Ordering::Relaxed)
            })
        };
        assert_eq!(join_all((0..20).map(|_| ask())).await, [0; 20]);
        // Who comes later wants to know anew.
        assert_eq!((ask().await, ask().await), (1, 2));
    }

    #[tokio::test]
    async fn who_goes_away_leaves_the_question_to_the_next() {
        let question = InCommon::default();
        let gone = tokio::time::timeout(Duration::ZERO, question.ask(std::future::pending())).await;
        assert!(gone.is_err());
        assert_eq!(question.ask(async { 7 }).await, 7);
    }
}
