use sondeo_model::{KindName, Metric, Timestamp};

#[derive(Debug, Clone)]
pub struct Period {
    pub from: Timestamp,
    pub to: Timestamp,
}
#[derive(Debug, Clone)]
pub struct Counts {
    pub scales: Vec<Scale>,
    pub statuses: Vec<StatusCount>,
    pub answers: Vec<AnswerCount>,
}
#[derive(Debug, Clone)]
pub struct Scale {
    pub id: i64,
    pub question: String,
    pub kind: KindName,
    pub points: Option<u8>,
    pub metric: Option<Metric>,
    pub position: i64,
    pub wordings: Vec<(String, String)>,
}
#[derive(Debug, Clone)]
pub struct StatusCount {
    pub segment: Segment,
    pub day: Option<i64>,
    pub shown: i64,
    pub partial: i64,
    pub completed: i64,
    pub dismissed: i64,
    pub answered: i64,
}
#[derive(Debug, Clone)]
pub struct AnswerCount {
    pub segment: Segment,
    pub day: Option<i64>,
    pub scale: i64,
    pub value: String,
    pub n: i64,
}
#[derive(Debug, Clone)]
pub struct Segment {
    pub dimension: String,
    pub value: String,
}
