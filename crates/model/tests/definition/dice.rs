//! Choices at random that shrink: every number that is drawn shrinks to 0, the first choice.

use proptest::collection::vec;
use proptest::prelude::*;

/// A row of numbers, used up one by one.
#[derive(Debug, Clone)]
pub(crate) struct Dice(std::vec::IntoIter<u16>);

pub(crate) fn dice() -> impl Strategy<Value = Dice> {
    vec(any::<u16>(), 400).prop_map(|numbers| Dice(numbers.into_iter()))
}

impl Dice {
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
