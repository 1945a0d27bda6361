//! What the collector says about a survey, as its dashboard reads it.
