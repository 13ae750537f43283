//! A statement that is put together from parts of ours, each with its parameter: never with what anybody typed.

/// The text so far.
pub(super) struct SqlText {
    text: String,
    parameters: usize,
}

impl SqlText {
    /// Begins with a text that has so many parameters, those of its end included.
    pub(super) fn new(text: &str, parameters: usize) -> Self {
        Self { text: text.to_owned(), parameters }
    }

    /// Adds a part, where it is wanted. `$?` in it, wherever it stands, is the next parameter.
    pub(super) fn with(mut self, is_wanted: bool, part: &str) -> Self {
        if is_wanted {
            if part.contains("$?") {
                self.parameters += 1;
            }
            self.text += &part.replace("$?", &format!("${}", self.parameters));
        }
        self
    }

    /// The whole text.
    pub(super) fn end(self, end: &str) -> String {
        self.text + end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_as_far_as_they_are_there() {
        let text = SqlText::new("A $1 $2", 2).with(true, " B $? $?").with(false, " C $?").with(true, " D $?");
        assert_eq!(text.with(true, " E").end(" F $1"), "A $1 $2 B $3 $3 D $4 E F $1");
    }
}
