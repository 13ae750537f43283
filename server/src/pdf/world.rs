//! The world that a template sees: the templates, the fonts, and one document's data. Nothing else is there.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue, Smart, Value};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::PdfError;
use super::fonts::FONTS;

/// Name and text of every template.
const TEMPLATES: [(&str, &str); 4] = [
    ("base.typ", include_str!("templates/base.typ")),
    ("invoice.typ", include_str!("templates/invoice.typ")),
    ("receipt.typ", include_str!("templates/receipt.typ")),
    ("statement.typ", include_str!("templates/statement.typ")),
];

/// The templates, parsed once.
static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    TEMPLATES
        .iter()
        .filter_map(|(name, text)| Some(Source::new(file_id(name)?, (*text).to_owned())))
        .collect()
});

/// The id of a template. Ids are never freed, so only the names above may become one.
fn file_id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// One document in the making.
struct Room {
    library: LazyHash<Library>,
    main: FileId,
}

impl World for Room {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        SOURCES.iter().find(|source| source.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.list.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Typesets a template with this data, and writes it as PDF.
///
/// Typst may stumble, and even panic, over marks in a mix of scripts that nobody writes. Then it is tried once more,
/// without any marks.
pub(super) fn render(template: &str, data: Dict) -> Result<Vec<u8>, PdfError> {
    let attempt = |data: Dict| {
        let made =
            catch_unwind(AssertUnwindSafe(|| typeset(template, data).and_then(|document| write(&document))));
        // Typst remembers every step, to be quick when a document is edited. Ours are not: all is forgotten.
        typst::comemo::evict(0);
        made.unwrap_or_else(|_| Err(PdfError::Layout("Typst panicked".to_owned())))
    };
    attempt(data.clone())
        .or_else(|_| attempt(data.into_iter().map(|(key, value)| (key, bare(value))).collect()))
}

/// A value whose texts have no marks: neither accents that stand alone nor places to break.
fn bare(value: Value) -> Value {
    match value {
        Value::Str(text) => text.chars().filter(|c| !FONTS.is_mark(*c)).collect::<String>().into_value(),
        Value::Array(array) => Value::Array(array.into_iter().map(bare).collect()),
        Value::Dict(dict) => Value::Dict(dict.into_iter().map(|(key, value)| (key, bare(value))).collect()),
        other => other,
    }
}

/// Lays the pages out.
pub(super) fn typeset(template: &str, data: Dict) -> Result<PagedDocument, PdfError> {
    let main = SOURCES
        .iter()
        .map(Source::id)
        .find(|id| file_id(template) == Some(*id))
        .ok_or_else(|| PdfError::Layout(format!("there is no template {template}")))?;
    let library = LazyHash::new(Library::builder().with_inputs(data).build());
    let room = Room { library, main };
    typst::compile(&room).output.map_err(|errors| PdfError::Layout(reasons(&errors)))
}

/// Writes the file: by the rules of PDF/UA-1 for those who do not see it, unless a text has something these forbid,
/// such as a letter that its font cannot draw. Then it is tagged all the same; and should even that fail, a document
/// without tags is better than none.
fn write(document: &PagedDocument) -> Result<Vec<u8>, PdfError> {
    let accessible = PdfStandards::new(&[PdfStandard::Ua_1]).unwrap_or_default();
    export(document, accessible, true)
        .or_else(|_| export(document, PdfStandards::default(), true))
        .or_else(|_| export(document, PdfStandards::default(), false))
}

/// Writes the file. It has no date and no random id: the same document is the same bytes.
fn export(document: &PagedDocument, standards: PdfStandards, tagged: bool) -> Result<Vec<u8>, PdfError> {
    let options = PdfOptions {
        creator: Smart::Custom(Some("Postern".to_owned())),
        standards,
        tagged,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|errors| PdfError::Export(reasons(&errors)))
}

/// What went wrong, in one line.
fn reasons(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}
