//! Where documents are typeset: each on a thread of its own, a few at a time, and each but once as long as it is remembered.

use std::{
    collections::VecDeque,
    hash::{Hash, Hasher},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::{
    error::{Error, Result},
    line::Line,
    pdf::{self, InvoicePdf, PdfError, ReceiptPdf, StatementPdf},
};
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;

/// Typeset at once: one for every other core, so that pages are answered meanwhile; and two at most, for each takes
/// some ten megabytes; the longest statement takes more than two hundred.
fn slots() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).clamp(1, 2))
}

/// A thread for one document, over which typst spreads its own work, and not over all cores. It ends with the document, and
/// with it goes all memory that typesetting has used: a thread that stays keeps some for whatever comes next.
fn thread() -> Result<ThreadPool, ThreadPoolBuildError> {
    let threads = ThreadPoolBuilder::new().num_threads(1).thread_name(|_| "typeset".to_owned());
    // Whoever waits for the document is told, for what would have told it is dropped.
    threads.panic_handler(|_| {}).build()
}

/// In line for it, and for how long.
const IN_LINE: usize = 16;
/// See [`IN_LINE`]: a long statement takes a second.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many bytes of documents are remembered.
const KEPT_BYTES: usize = 16 * 1024 * 1024;

/// A finished document.
type Document = Arc<Vec<u8>>;
/// Those that are remembered, the oldest first.
type Kept = VecDeque<([u8; 32], Document)>;

/// Typesets documents, and remembers some by what they say. Cheap to clone.
#[derive(Clone)]
pub struct Press {
    line: Line,
    kept: Arc<Mutex<Kept>>,
}

impl Default for Press {
    fn default() -> Self {
        Self { line: Line::new(slots(), IN_LINE, PATIENCE), kept: Arc::default() }
    }
}

impl Press {
    /// An invoice.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many are before it, [`Error::Bug`] where it could not be typeset.
    pub async fn invoice(&self, invoice: InvoicePdf) -> Result<Document> {
        self.print(invoice, "invoice", pdf::invoice).await
    }

    /// A receipt.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many are before it, [`Error::Bug`] where it could not be typeset.
    pub async fn receipt(&self, receipt: ReceiptPdf) -> Result<Document> {
        self.print(receipt, "receipt", pdf::receipt).await
    }

    /// A statement.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many are before it, [`Error::Bug`] where it could not be typeset.
    pub async fn statement(&self, statement: StatementPdf) -> Result<Document> {
        self.print(statement, "statement", pdf::statement).await
    }

    async fn print<D: Hash + Send + 'static>(
        &self,
        document: D,
        kind: &str,
        typeset: fn(&D) -> Result<Vec<u8>, PdfError>,
    ) -> Result<Document> {
        let key = digest(kind, &document);
        if let Some(found) = self.find(&key) {
            return Ok(found);
        }
        let place = self.line.enter().await?;
        // Whoever waited for a place may have waited for this very document.
        if let Some(found) = self.find(&key) {
            return Ok(found);
        }
        let thread = thread().map_err(Error::bug)?;
        let (tell, told) = oneshot::channel();
        let press = self.clone();
        thread.spawn(move || {
            let made = typeset(&document).map(Arc::new);
            if let Ok(made) = &made {
                press.keep(key, made);
            }
            // Not before: the work goes on where whoever asked has gone away, and whoever asks next finds what came of it.
            drop(place);
            let _ = tell.send(made);
        });
        told.await.map_err(Error::bug)?.map_err(Error::bug)
    }

    fn find(&self, key: &[u8; 32]) -> Option<Document> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(other, _)| other == key).map(|(_, document)| Arc::clone(document))
    }

    /// The oldest go first.
    fn keep(&self, key: [u8; 32], document: &Document) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((key, Arc::clone(document)));
        let mut bytes: usize = kept.iter().map(|(_, document)| document.len()).sum();
        while bytes > KEPT_BYTES {
            let Some((_, oldest)) = kept.pop_front() else { break };
            bytes -= oldest.len();
        }
    }
}

/// What a document is known by: the SHA-256 of all that it says, so that none is ever taken for another.
fn digest(kind: &str, document: &impl Hash) -> [u8; 32] {
    let mut hasher = Digesting(Sha256::new());
    kind.hash(&mut hasher);
    document.hash(&mut hasher);
    hasher.0.finalize().into()
}

struct Digesting(Sha256);

impl Hasher for Digesting {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        // The digest is taken whole; nobody asks for eight bytes of it.
        0
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use tokio::sync::mpsc::UnboundedSender;

    use super::*;

    /// A document that is not done before it is let go.
    struct Held {
        begun: UnboundedSender<()>,
        released: mpsc::Receiver<()>,
    }

    impl Hash for Held {
        fn hash<H: Hasher>(&self, _: &mut H) {}
    }

    const HOLD: fn(&Held) -> Result<Vec<u8>, PdfError> = |held| {
        let _ = held.begun.send(());
        let _ = held.released.recv();
        Ok(b"held".to_vec())
    };

    #[tokio::test]
    async fn whoever_goes_away_leaves_no_place_before_the_document_is_done_and_the_next_finds_it() {
        let press = Press { line: Line::new(1, 1, PATIENCE), ..Press::default() };
        let (begun, mut begins) = tokio::sync::mpsc::unbounded_channel();
        let (release, released) = mpsc::channel();
        let asker = tokio::spawn({
            let (press, held) = (press.clone(), Held { begun: begun.clone(), released });
            async move { press.print(held, "held", HOLD).await }
        });
        begins.recv().await.unwrap();
        asker.abort();
        assert!(asker.await.unwrap_err().is_cancelled());
        assert!(press.line.try_enter().is_none(), "the work goes on, and its place is taken");
        let next = Held { begun, released: mpsc::channel().1 };
        let (next, ()) = tokio::join!(press.print(next, "held", HOLD), async { drop(release) });
        assert_eq!(**next.unwrap(), *b"held");
        assert!(begins.try_recv().is_err(), "it was typeset once");
        assert!(press.line.try_enter().is_some(), "the place is free again");
    }

    fn invoice(title: &str) -> InvoicePdf {
        InvoicePdf { lang: "en".to_owned(), title: title.to_owned(), ..InvoicePdf::default() }
    }

    #[tokio::test]
    async fn the_same_document_is_typeset_once() {
        let press = Press::default();
        let (one, again) =
            (press.invoice(invoice("A")).await.unwrap(), press.invoice(invoice("A")).await.unwrap());
        assert!(Arc::ptr_eq(&one, &again));
        let other = press.invoice(invoice("B")).await.unwrap();
        assert!(other != one && one.starts_with(b"%PDF-"));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let press = Press::default();
        for n in 0..40_u8 {
            press.keep([n; 32], &Arc::new(vec![n; 1024 * 1024]));
        }
        assert_eq!(press.kept.lock().unwrap().len(), 16);
        assert!(press.find(&[0; 32]).is_none() && press.find(&[39; 32]).is_some());
    }
}
