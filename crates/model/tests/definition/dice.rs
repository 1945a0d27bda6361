//! Choices at random that shrink: every number that is drawn shrinks to 0, the first choice.

/// A row of numbers, used up one by one.
#[derive(Debug, Clone)]
pub(crate) struct Dice(std::vec::IntoIter<u16>);

impl Dice {
    /// So many numbers are enough for a survey and what is done with it.
    pub(crate) const NUMBERS: usize = 400;

    pub(crate) fn new(numbers: Vec<u16>) -> Self {
        Self(numbers.into_iter())
    }

    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        usize::from(self.0.next().unwrap_or_default()) % sides
    }

    /// Once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.roll(times) == times - 1
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.roll(list.len())]
    }

    /// Takes one out of the list.
    pub(crate) fn take<T>(&mut self, list: &mut Vec<T>) -> T {
        let at = self.roll(list.len());
        list.remove(at)
    }
}
