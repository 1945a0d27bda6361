//! Cuts the engine in two modules that share memory, table and globals: what runs until a survey stands there, and what
//! comes later.
//!
//! The source says where: functions whose names begin with [`GATE`] are gates, and whoever calls one of them has made sure
//! that the rest has come. What is reached through gates alone is the rest. Which functions and which bytes those are, the
//! linker's relocations tell: they name whose address stands where, which the finished module no longer does. Between the
//! two lie wasm-bindgen and wasm-opt, which leave addresses, and places in the table, as they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use std::ops::Range;

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, ImportSection, Instruction,
    MemorySection, Module, StartSection, TableSection, TypeSection,
};
use wasmparser::{
    DataKind, ElementItems, ElementKind, ExternalKind, FunctionBody, KnownCustom, Linking, Name,
    Operator, Parser, Payload, RelocationEntry, RelocationType, SymbolInfo, TypeRef,
};

use crate::shell::Result;

/// How the names of gates begin.
pub(super) const GATE: &str = "rest_";

/// The module that the rest imports from what it shares with what comes first. The glue is `a`.
const SHARED: &str = "b";

/// How the names of what is exported for the rest alone begin.
const OWN: char = '$';

/// What the rest alone has.
#[derive(Debug, Default)]
pub(super) struct Ownership {
    /// Places in the table.
    slots: BTreeSet<u32>,
    /// Addresses in memory.
    data: Vec<Range<u32>>,
}

/// Both modules.
#[derive(Debug)]
pub(super) struct Halves {
    /// What comes first.
    pub(super) first: Vec<u8>,
    /// What comes later.
    pub(super) rest: Vec<u8>,
}

/// A function, or a piece of data by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    Function(u32),
    Data(usize),
}

/// How something is named: it is called, or its address is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Call,
    Address,
}

/// A piece of data: its segment, and where in it.
struct Piece {
    segment: u32,
    range: Range<u32>,
}

fn unread(error: impl std::fmt::Display) -> String {
    format!("the engine's module cannot be cut in two: {error}")
}

/// Reads from a module with the linker's relocations what only those of its functions have that are reached by gates.
pub(super) fn ownership(linked: &[u8]) -> Result<Ownership> {
    let linked = Linked::read(linked).map_err(unread)?;
    linked.ownership()
}

/// What the linker says of a module.
#[derive(Default)]
struct Linked {
    imported: u32,
    bodies: Vec<Range<usize>>,
    roots: Vec<u32>,
    /// By place in the table.
    slots: BTreeMap<u32, u32>,
    /// Where each segment stands in memory, and where its bytes stand in the file.
    segments: Vec<(u32, Range<usize>)>,
    functions: HashMap<u32, u32>,
    gates: BTreeSet<u32>,
    /// By symbol.
    pieces: HashMap<u32, Piece>,
    /// Who names whom.
    edges: Vec<(Node, Way, Node)>,
    /// Named by what belongs to nobody.
    loose: Vec<Node>,
}

impl Linked {
    fn read(bytes: &[u8]) -> wasmparser::Result<Self> {
        let mut it = Self::default();
        // Relocations count from where a section's content begins.
        let (mut code, mut data) = (0, 0);
        let mut relocations: Vec<(bool, RelocationEntry)> = Vec::new();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        it.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            it.roots.push(export.index);
                        }
                    }
                }
                Payload::StartSection { func, .. } => it.roots.push(func),
                Payload::ElementSection(section) => {
                    for element in section {
                        let element = element?;
                        let ElementKind::Active { offset_expr, .. } = element.kind else {
                            continue;
                        };
                        let first = constant(&offset_expr).unwrap_or_default();
                        if let ElementItems::Functions(functions) = element.items {
                            for (at, function) in functions.into_iter().enumerate() {
                                it.slots.insert(first + at as u32, function?);
                            }
                        }
                    }
                }
                Payload::CodeSectionStart { unchecked_range, .. } => {
                    code = unchecked_range.start as usize
                }
                Payload::CodeSectionEntry(body) => {
                    let range = body.range();
                    it.bodies.push(range.start as usize..range.end as usize);
                }
                Payload::DataSection(section) => {
                    data = section.range().start as usize;
                    for segment in section {
                        let segment = segment?;
                        let end = segment.range.end as usize;
                        let address = match &segment.kind {
                            DataKind::Active { offset_expr, .. } => constant(offset_expr),
                            DataKind::Passive => None,
                        };
                        let file = end - segment.data.len()..end;
                        it.segments.push((address.unwrap_or_default(), file));
                    }
                }
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::Linking(linking) => {
                        for part in linking.subsections() {
                            if let Linking::SymbolTable(symbols) = part? {
                                for (at, symbol) in symbols.into_iter().enumerate() {
                                    it.take_symbol(at as u32, symbol?);
                                }
                            }
                        }
                    }
                    KnownCustom::Reloc(section_of) => {
                        let is_code = section.name() == "reloc.CODE";
                        if is_code || section.name() == "reloc.DATA" {
                            for entry in section_of.entries() {
                                relocations.push((is_code, entry?));
                            }
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        for (is_code, entry) in relocations {
            let at = entry.offset as usize + if is_code { code } else { data };
            it.take_relocation(is_code, at, &entry);
        }
        Ok(it)
    }

    fn take_symbol(&mut self, at: u32, symbol: SymbolInfo<'_>) {
        match symbol {
            SymbolInfo::Func { index, name, .. } => {
                self.functions.insert(at, index);
                if name.is_some_and(is_gate) {
                    self.gates.insert(index);
                }
            }
            SymbolInfo::Data { symbol: Some(symbol), .. } => {
                let range = symbol.offset..symbol.offset + symbol.size;
                self.pieces.insert(at, Piece { segment: symbol.index, range });
            }
            _ => {}
        }
    }

    fn take_relocation(&mut self, is_code: bool, at: usize, entry: &RelocationEntry) {
        use RelocationType as Type;
        let (way, target) = match entry.ty {
            Type::FunctionIndexLeb | Type::FunctionIndexI32 => {
                (Way::Call, self.function(entry.index))
            }
            Type::TableIndexSleb | Type::TableIndexI32 => {
                (Way::Address, self.function(entry.index))
            }
            Type::MemoryAddrLeb | Type::MemoryAddrSleb | Type::MemoryAddrI32 => (
                Way::Address,
                self.pieces.contains_key(&entry.index).then_some(Node::Data(entry.index as usize)),
            ),
            _ => return,
        };
        let Some(target) = target else { return };
        let mut is_owned = false;
        if is_code {
            let body = self.bodies.partition_point(|body| body.end <= at);
            if self.bodies.get(body).is_some_and(|body| body.contains(&at)) {
                is_owned = true;
                self.edges.push((Node::Function(self.imported + body as u32), way, target));
            }
        } else {
            let segment = self.segments.iter().position(|(_, file)| file.contains(&at));
            if let Some(segment) = segment {
                let offset = (at - self.segments[segment].1.start) as u32;
                for (symbol, piece) in &self.pieces {
                    if piece.segment == segment as u32 && piece.range.contains(&offset) {
                        is_owned = true;
                        self.edges.push((Node::Data(*symbol as usize), way, target));
                    }
                }
            }
        }
        if !is_owned {
            self.loose.push(target);
        }
    }

    fn function(&self, symbol: u32) -> Option<Node> {
        self.functions.get(&symbol).map(|index| Node::Function(*index))
    }

    fn ownership(&self) -> Result<Ownership> {
        if self.gates.is_empty() {
            return Err(unread(format!("no function's name begins with `{GATE}`")));
        }
        let mut leads: HashMap<(bool, usize), Vec<Node>> = HashMap::new();
        let key = |node: Node| match node {
            Node::Function(index) => (false, index as usize),
            Node::Data(symbol) => (true, symbol),
        };
        for (from, _, to) in &self.edges {
            leads.entry(key(*from)).or_default().push(*to);
        }
        let mut early = BTreeSet::new();
        let mut waiting: Vec<Node> = self.roots.iter().map(|root| Node::Function(*root)).collect();
        waiting.extend(&self.loose);
        while let Some(node) = waiting.pop() {
            let is_gate = matches!(node, Node::Function(index) if self.gates.contains(&index));
            if !is_gate && early.insert(key(node)) {
                waiting.extend(leads.get(&key(node)).into_iter().flatten());
            }
        }
        let mut slots = BTreeSet::new();
        for (slot, function) in &self.slots {
            let mut takers = self
                .edges
                .iter()
                .filter(|(_, way, to)| *way == Way::Address && *to == Node::Function(*function));
            let is_taken = takers.clone().next().is_some();
            if is_taken
                && !self.loose.contains(&Node::Function(*function))
                && takers.all(|(from, ..)| !early.contains(&key(*from)))
            {
                slots.insert(*slot);
            }
        }
        Ok(Ownership {
            slots,
            data: self.late_data(|symbol| early.contains(&(true, symbol as usize))),
        })
    }

    /// The addresses of what only pieces have that are not early.
    fn late_data(&self, is_early: impl Fn(u32) -> bool) -> Vec<Range<u32>> {
        let mut late = Vec::new();
        for (segment, (address, file)) in self.segments.iter().enumerate() {
            let mut owners = vec![0_u8; file.len()];
            for (symbol, piece) in self.pieces.iter().filter(|(_, it)| it.segment == segment as u32)
            {
                let mark = if is_early(*symbol) { 2 } else { 1 };
                for owner in &mut owners[piece.range.start as usize..piece.range.end as usize] {
                    *owner |= mark;
                }
            }
            let mut at = 0;
            for run in owners.chunk_by(|one, other| (*one == 1) == (*other == 1)) {
                if run[0] == 1 {
                    late.push(address + at..address + at + run.len() as u32);
                }
                at += run.len() as u32;
            }
        }
        late
    }
}

/// The number that an offset is.
fn constant(expression: &wasmparser::ConstExpr<'_>) -> Option<u32> {
    match expression.get_operators_reader().read() {
        Ok(Operator::I32Const { value }) => Some(value as u32),
        _ => None,
    }
}

/// Whether this is the name of a gate, as the compiler has it or as wasm-bindgen writes it.
fn is_gate(name: &str) -> bool {
    let mut path = format!("{:#}", rustc_demangle::demangle(name));
    if path.ends_with('>') {
        // What a generic function is made for.
        let mut depth = 0;
        let opening = path.rfind(|letter| {
            depth += i32::from(letter == '>') - i32::from(letter == '<');
            depth == 0
        });
        path.truncate(opening.unwrap_or_default());
    }
    let last = path.trim_end_matches("::").rsplit("::").next();
    path.contains("sondeo") && last.is_some_and(|last| last.starts_with(GATE))
}

/// Cuts a finished module, which still has its functions' names.
pub(super) fn cut(module: &[u8], owned: &Ownership) -> Result<Halves> {
    Whole::read(module).map_err(unread)?.cut(owned)
}

/// A module, in pieces.
#[derive(Default)]
struct Whole<'a> {
    types: Option<wasmparser::TypeSectionReader<'a>>,
    signatures: Vec<wasmparser::FuncType>,
    imports: Vec<wasmparser::Import<'a>>,
    /// The types of all functions, imported ones first.
    functions: Vec<u32>,
    imported: u32,
    tables: Vec<wasmparser::Table<'a>>,
    memories: Vec<wasmparser::MemoryType>,
    globals: Vec<wasmparser::Global<'a>>,
    exports: Vec<wasmparser::Export<'a>>,
    start: Option<u32>,
    /// By place in the first table.
    slots: BTreeMap<u32, u32>,
    data: Vec<(u32, &'a [u8])>,
    bodies: Vec<FunctionBody<'a>>,
    names: HashMap<u32, &'a str>,
}

impl<'a> Whole<'a> {
    fn read(bytes: &'a [u8]) -> wasmparser::Result<Self> {
        let mut it = Self::default();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::TypeSection(section) => {
                    for signature in section.clone().into_iter_err_on_gc_types() {
                        it.signatures.push(signature?);
                    }
                    it.types = Some(section);
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        if let TypeRef::Func(signature) = import.ty {
                            it.functions.push(signature);
                            it.imported += 1;
                        }
                        it.imports.push(import);
                    }
                }
                Payload::FunctionSection(section) => {
                    for signature in section {
                        it.functions.push(signature?);
                    }
                }
                Payload::TableSection(section) => {
                    it.tables = section.into_iter().collect::<wasmparser::Result<_>>()?;
                }
                Payload::MemorySection(section) => {
                    it.memories = section.into_iter().collect::<wasmparser::Result<_>>()?;
                }
                Payload::GlobalSection(section) => {
                    it.globals = section.into_iter().collect::<wasmparser::Result<_>>()?;
                }
                Payload::ExportSection(section) => {
                    it.exports = section.into_iter().collect::<wasmparser::Result<_>>()?;
                }
                Payload::StartSection { func, .. } => it.start = Some(func),
                Payload::ElementSection(section) => {
                    for element in section {
                        let element = element?;
                        let ElementKind::Active { offset_expr, .. } = element.kind else {
                            continue;
                        };
                        let first = constant(&offset_expr).unwrap_or_default();
                        if let ElementItems::Functions(functions) = element.items {
                            for (at, function) in functions.into_iter().enumerate() {
                                it.slots.insert(first + at as u32, function?);
                            }
                        }
                    }
                }
                Payload::DataSection(section) => {
                    for segment in section {
                        let segment = segment?;
                        if let DataKind::Active { offset_expr, .. } = &segment.kind {
                            it.data.push((constant(offset_expr).unwrap_or_default(), segment.data));
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => it.bodies.push(body),
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(names) = section.as_known() {
                        for part in names {
                            if let Name::Function(map) = part? {
                                for naming in map {
                                    let naming = naming?;
                                    it.names.insert(naming.index, naming.name);
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(it)
    }

    /// What a function names.
    fn uses(&self, function: u32) -> wasmparser::Result<Uses> {
        let mut uses = Uses::default();
        let Some(body) =
            function.checked_sub(self.imported).and_then(|at| self.bodies.get(at as usize))
        else {
            return Ok(uses);
        };
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::Call { function_index }
                | Operator::ReturnCall { function_index }
                | Operator::RefFunc { function_index } => {
                    uses.functions.insert(function_index);
                }
                Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index } => {
                    uses.globals.insert(global_index);
                }
                Operator::TableGet { table }
                | Operator::TableSet { table }
                | Operator::TableGrow { table }
                | Operator::TableSize { table }
                | Operator::TableFill { table } => {
                    uses.tables.insert(table);
                }
                _ => {}
            }
        }
        Ok(uses)
    }

    fn cut(&self, owned: &Ownership) -> Result<Halves> {
        let gates: Vec<u32> = (self.imported..self.functions.len() as u32)
            .filter(|index| self.names.get(index).is_some_and(|name| is_gate(name)))
            .collect();
        if gates.is_empty() {
            return Err(unread(format!("no function's name begins with `{GATE}`")));
        }
        let mut early = BTreeSet::new();
        let exported = self.exports.iter().filter(|it| it.kind == ExternalKind::Func);
        let mut waiting: Vec<u32> = exported.map(|it| it.index).chain(self.start).collect();
        let early_slots = self.slots.iter().filter(|(slot, _)| !owned.slots.contains(slot));
        waiting.extend(early_slots.map(|(_, function)| *function));
        while let Some(function) = waiting.pop() {
            if early.insert(function) && !gates.contains(&function) {
                waiting.extend(self.uses(function).map_err(unread)?.functions);
            }
        }
        let late: BTreeSet<u32> = (self.imported..self.functions.len() as u32)
            .filter(|index| !early.contains(index) || gates.contains(index))
            .collect();
        let mut uses = Uses::default();
        for function in &late {
            let more = self.uses(*function).map_err(unread)?;
            uses.functions.extend(more.functions);
            uses.globals.extend(more.globals);
            uses.tables.extend(more.tables);
        }
        let plan = Plan { whole: self, owned, gates, early, late, uses };
        let (first, shared) = plan.first()?;
        Ok(Halves { first, rest: plan.rest(&shared)? })
    }

    fn signature(&self, function: u32) -> Option<&wasmparser::FuncType> {
        self.signatures.get(*self.functions.get(function as usize)? as usize)
    }
}

/// What functions name.
#[derive(Default)]
struct Uses {
    functions: BTreeSet<u32>,
    globals: BTreeSet<u32>,
    tables: BTreeSet<u32>,
}

/// How a module is cut.
struct Plan<'a> {
    whole: &'a Whole<'a>,
    owned: &'a Ownership,
    gates: Vec<u32>,
    /// The functions that come first, gates among them.
    early: BTreeSet<u32>,
    /// Those that come later, gates among them.
    late: BTreeSet<u32>,
    /// What those name that come later.
    uses: Uses,
}

/// The names under which the first module exports what the rest shares with it.
#[derive(Default)]
struct Shared {
    functions: BTreeMap<u32, String>,
    globals: BTreeMap<u32, String>,
    tables: BTreeMap<u32, String>,
    memory: String,
}

/// Old indices as new ones.
#[derive(Default)]
struct Indices {
    functions: HashMap<u32, u32>,
    globals: HashMap<u32, u32>,
    tables: HashMap<u32, u32>,
}

impl Reencode for Indices {
    type Error = Infallible;

    fn function_index(
        &mut self,
        index: u32,
    ) -> std::result::Result<u32, reencode::Error<Infallible>> {
        Ok(self.functions[&index])
    }

    fn global_index(
        &mut self,
        index: u32,
    ) -> std::result::Result<u32, reencode::Error<Infallible>> {
        Ok(self.globals[&index])
    }

    fn table_index(&mut self, index: u32) -> std::result::Result<u32, reencode::Error<Infallible>> {
        Ok(self.tables[&index])
    }
}

impl Plan<'_> {
    /// The place in the table at which the first gate stands: behind all others.
    fn first_gate(&self) -> Result<u32> {
        let table = self.whole.tables.first().ok_or_else(|| unread("it has no table"))?;
        u32::try_from(table.ty.initial).map_err(unread)
    }

    /// What comes first, and how it names what it shares.
    fn first(&self) -> Result<(Vec<u8>, Shared)> {
        let whole = self.whole;
        let mut indices = Indices::default();
        indices.globals.extend((0..whole.globals.len() as u32).map(|at| (at, at)));
        indices.tables.extend((0..whole.tables.len() as u32).map(|at| (at, at)));
        let mut module = Module::new();

        let mut types = self.types(&mut indices)?;
        let nothing = whole.signatures.len() as u32;
        types.ty().function([], []);
        module.section(&types);

        let mut imports = ImportSection::new();
        let mut function = 0;
        for import in &whole.imports {
            if matches!(import.ty, TypeRef::Func(_)) {
                function += 1;
                if !self.early.contains(&(function - 1)) {
                    continue;
                }
                indices.functions.insert(function - 1, indices.functions.len() as u32);
            }
            let ty = indices.entity_type(import.ty).map_err(unread)?;
            imports.import(import.module, import.name, ty);
        }
        module.section(&imports);

        let mut functions = FunctionSection::new();
        let defined = || self.early.iter().copied().filter(|index| *index >= whole.imported);
        for index in defined() {
            indices.functions.insert(index, indices.functions.len() as u32);
            functions.function(whole.functions[index as usize]);
        }
        // Stands in the table where nobody may call yet.
        let trap = indices.functions.len() as u32;
        functions.function(nothing);
        module.section(&functions);

        let first_gate = self.first_gate()?;
        let mut tables = TableSection::new();
        for (at, table) in whole.tables.iter().enumerate() {
            let mut ty = indices.table_type(table.ty).map_err(unread)?;
            if at == 0 {
                ty.minimum += self.gates.len() as u64;
                ty.maximum = ty.maximum.map(|most| most.max(ty.minimum));
            }
            tables.table(ty);
        }
        module.section(&tables);

        let mut memories = MemorySection::new();
        for memory in &whole.memories {
            memories.memory(indices.memory_type(*memory).map_err(unread)?);
        }
        module.section(&memories);

        let mut globals = GlobalSection::new();
        for global in &whole.globals {
            indices.parse_global(&mut globals, global.clone()).map_err(unread)?;
        }
        module.section(&globals);

        let mut exports = ExportSection::new();
        for export in &whole.exports {
            indices.parse_export(&mut exports, *export).map_err(unread)?;
        }
        let shared = self.share(&mut exports, &indices);
        module.section(&exports);

        if let Some(start) = whole.start {
            module.section(&StartSection { function_index: indices.functions[&start] });
        }

        let mut elements = ElementSection::new();
        let place = |slot: &u32| match whole.slots.get(slot) {
            // Functions that are equal are one by now, and may come first all the same.
            Some(function) if self.early.contains(function) => indices.functions[function],
            _ => trap,
        };
        if let (Some((from, _)), Some((to, _))) =
            (whole.slots.first_key_value(), whole.slots.last_key_value())
        {
            let list: Vec<u32> = (*from..=*to).map(|slot| place(&slot)).collect();
            elements.active(None, &offset(*from), Elements::Functions(list.into()));
        }
        module.section(&elements);

        let mut code = CodeSection::new();
        for index in defined() {
            match self.gates.iter().position(|gate| *gate == index) {
                Some(at) => {
                    code.function(&self.gate(index, first_gate + at as u32));
                }
                None => self.body(index, &mut indices, &mut code)?,
            }
        }
        let mut trap = Function::new([]);
        trap.instruction(&Instruction::Unreachable).instruction(&Instruction::End);
        code.function(&trap);
        module.section(&code);

        let mut data = DataSection::new();
        for (address, bytes) in &whole.data {
            let mut bytes = bytes.to_vec();
            for late in &self.owned.data {
                let from = late.start.saturating_sub(*address) as usize;
                let to = (late.end.saturating_sub(*address) as usize).min(bytes.len());
                if from < to {
                    bytes[from..to].fill(0);
                }
            }
            data.active(0, &offset(*address), bytes);
        }
        module.section(&data);
        self.names(&indices, &mut module);
        Ok((module.finish(), shared))
    }

    /// Exports what the rest shares, under names that nobody else has.
    fn share(&self, exports: &mut ExportSection, indices: &Indices) -> Shared {
        let mut shared = Shared::default();
        let mut count = 0;
        let is_free = |name: &String| !self.whole.exports.iter().any(|it| it.name == name);
        let mut share = |kind: ExternalKind, old: u32, new: u32| {
            let known = self.whole.exports.iter().find(|it| it.kind == kind && it.index == old);
            if let Some(known) = known {
                return known.name.to_owned();
            }
            let name =
                std::iter::repeat_with(|| short(&mut count)).find(is_free).unwrap_or_default();
            let kind = match kind {
                ExternalKind::Global => ExportKind::Global,
                ExternalKind::Table => ExportKind::Table,
                ExternalKind::Memory => ExportKind::Memory,
                _ => ExportKind::Func,
            };
            exports.export(&name, kind, new);
            name
        };
        shared.memory = share(ExternalKind::Memory, 0, 0);
        // The first table is where the gates are.
        for table in std::iter::once(0).chain(self.uses.tables.iter().copied().filter(|it| *it > 0))
        {
            shared.tables.insert(table, share(ExternalKind::Table, table, table));
        }
        for global in &self.uses.globals {
            shared.globals.insert(*global, share(ExternalKind::Global, *global, *global));
        }
        for function in &self.uses.functions {
            if *function >= self.whole.imported && !self.late.contains(function) {
                let new = indices.functions[function];
                shared.functions.insert(*function, share(ExternalKind::Func, *function, new));
            }
        }
        shared
    }

    /// What comes later.
    fn rest(&self, shared: &Shared) -> Result<Vec<u8>> {
        let whole = self.whole;
        let mut indices = Indices::default();
        let mut module = Module::new();
        module.section(&self.types(&mut indices)?);

        let mut imports = ImportSection::new();
        let mut function = 0;
        for import in &whole.imports {
            if matches!(import.ty, TypeRef::Func(_)) {
                function += 1;
                if self.uses.functions.contains(&(function - 1)) {
                    indices.functions.insert(function - 1, indices.functions.len() as u32);
                    let ty = indices.entity_type(import.ty).map_err(unread)?;
                    imports.import(import.module, import.name, ty);
                }
            }
        }
        for (old, name) in &shared.functions {
            indices.functions.insert(*old, indices.functions.len() as u32);
            let ty = EntityType::Function(whole.functions[*old as usize]);
            imports.import(SHARED, name, ty);
        }
        for (old, name) in &shared.tables {
            indices.tables.insert(*old, indices.tables.len() as u32);
            let mut ty = indices.table_type(whole.tables[*old as usize].ty).map_err(unread)?;
            if *old == 0 {
                ty.minimum += self.gates.len() as u64;
                ty.maximum = ty.maximum.map(|most| most.max(ty.minimum));
            }
            imports.import(SHARED, name, ty);
        }
        if let Some(memory) = whole.memories.first() {
            let ty = indices.memory_type(*memory).map_err(unread)?;
            imports.import(SHARED, &shared.memory, ty);
        }
        for (old, name) in &shared.globals {
            indices.globals.insert(*old, indices.globals.len() as u32);
            let ty = indices.global_type(whole.globals[*old as usize].ty).map_err(unread)?;
            imports.import(SHARED, name, ty);
        }
        module.section(&imports);

        let mut functions = FunctionSection::new();
        for index in &self.late {
            indices.functions.insert(*index, indices.functions.len() as u32);
            functions.function(whole.functions[*index as usize]);
        }
        module.section(&functions);

        let mut elements = ElementSection::new();
        let late_slots = whole.slots.iter().filter(|(_, function)| !self.early.contains(function));
        let mut places: Vec<(u32, u32)> =
            late_slots.map(|(slot, function)| (*slot, indices.functions[function])).collect();
        let first_gate = self.first_gate()?;
        places.extend((first_gate..).zip(self.gates.iter().map(|gate| indices.functions[gate])));
        for run in places.chunk_by(|(one, _), (next, _)| one + 1 == *next) {
            let list: Vec<u32> = run.iter().map(|(_, function)| *function).collect();
            elements.active(None, &offset(run[0].0), Elements::Functions(list.into()));
        }
        module.section(&elements);

        let mut code = CodeSection::new();
        for index in &self.late {
            self.body(*index, &mut indices, &mut code)?;
        }
        module.section(&code);

        let mut data = DataSection::new();
        for (address, bytes) in &whole.data {
            for late in &self.owned.data {
                let from = late.start.max(*address);
                let to = late.end.min(address + bytes.len() as u32);
                if from < to {
                    let bytes = &bytes[(from - address) as usize..(to - address) as usize];
                    data.active(0, &offset(from), bytes.iter().copied());
                }
            }
        }
        module.section(&data);
        self.names(&indices, &mut module);
        Ok(module.finish())
    }

    fn types(&self, indices: &mut Indices) -> Result<TypeSection> {
        let mut types = TypeSection::new();
        if let Some(section) = self.whole.types.clone() {
            indices.parse_type_section(&mut types, section).map_err(unread)?;
        }
        Ok(types)
    }

    /// Calls by its place in the table what comes later.
    fn gate(&self, index: u32, slot: u32) -> Function {
        let count = self.whole.signature(index).map_or(0, |it| it.params().len() as u32);
        let mut gate = Function::new([]);
        for parameter in 0..count {
            gate.instruction(&Instruction::LocalGet(parameter));
        }
        let type_index = self.whole.functions[index as usize];
        gate.instruction(&Instruction::I32Const(slot as i32))
            .instruction(&Instruction::CallIndirect { type_index, table_index: 0 })
            .instruction(&Instruction::End);
        gate
    }

    fn body(&self, index: u32, indices: &mut Indices, code: &mut CodeSection) -> Result {
        let body = &self.whole.bodies[(index - self.whole.imported) as usize];
        indices.parse_function_body(code, body.clone()).map_err(unread)
    }

    fn names(&self, indices: &Indices, module: &mut Module) {
        let mut map = wasm_encoder::NameMap::new();
        let named = indices
            .functions
            .iter()
            .filter_map(|(old, new)| Some((new, self.whole.names.get(old)?)));
        for (new, name) in named.collect::<BTreeMap<_, _>>() {
            map.append(*new, name);
        }
        let mut names = wasm_encoder::NameSection::new();
        names.functions(&map);
        module.section(&names);
    }
}

fn offset(address: u32) -> ConstExpr {
    ConstExpr::i32_const(address as i32)
}

/// The next name among those that only the rest knows.
fn short(count: &mut u32) -> String {
    let mut number = *count;
    *count += 1;
    let mut name = String::from(OWN);
    loop {
        name.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
        if number == 0 {
            return name;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{NameMap, NameSection, TableType, ValType};

    /// A module that starts at `main`, which calls a gate; the gate calls `late`, and that calls `shared`, as `main` does.
    /// The table has `shared`, `late` and an equal of `shared`.
    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([ValType::I32], []);
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for calls in [&[1, 3][..], &[2], &[3], &[]] {
            functions.function(0);
            let mut body = Function::new([]);
            for callee in calls {
                body.instruction(&Instruction::LocalGet(0));
                body.instruction(&Instruction::Call(*callee));
            }
            code.function(body.instruction(&Instruction::End));
        }
        let mut tables = TableSection::new();
        let element_type = wasm_encoder::RefType::FUNCREF;
        let (minimum, maximum) = (4, Some(4));
        tables.table(TableType { element_type, minimum, maximum, table64: false, shared: false });
        let mut exports = ExportSection::new();
        exports.export("main", ExportKind::Func, 0);
        let mut elements = ElementSection::new();
        elements.active(None, &offset(1), Elements::Functions(vec![3, 2, 3].into()));
        let mut map = NameMap::new();
        map.append(1, "sondeo[0a1b2c3d4e5f6071]::files::rest_read::<alloc::string::String>");
        let mut names = NameSection::new();
        names.functions(&map);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&tables).section(&exports);
        module.section(&elements).section(&code).section(&names);
        module.finish()
    }

    fn slots(module: &[u8]) -> Vec<(u32, u32)> {
        Whole::read(module).expect("a module").slots.into_iter().collect()
    }

    #[test]
    fn what_is_reached_through_gates_alone_comes_later() {
        let owned = Ownership { slots: BTreeSet::from([2, 3]), data: Vec::new() };
        let halves = cut(&module(), &owned).expect("two halves");
        let [first, rest] = [&halves.first, &halves.rest].map(|it| Whole::read(it).expect("one"));
        // `main`, the gate, `shared`, and what stands where `late` will; then the gate itself and `late`.
        assert_eq!((first.bodies.len(), rest.bodies.len()), (4, 2));
        // Equal functions are one, which stands there from the start.
        assert_eq!(slots(&halves.first), [(1, 2), (2, 3), (3, 2)]);
        // `shared` is imported, so that `late` is the third; the gate stands behind all others.
        assert_eq!(slots(&halves.rest), [(2, 2), (4, 1)]);
        let names: Vec<&str> = rest.imports.iter().map(|it| it.name).collect();
        assert_eq!(names, ["$c", "$b"]);
        let exported: Vec<&str> = first.exports.iter().map(|it| it.name).collect();
        assert_eq!(exported, ["main", "$a", "$b", "$c"]);
        assert_eq!(first.tables[0].ty.initial, 5);
    }

    #[test]
    fn gates_are_known_by_their_names() {
        for gate in [
            "_RNvMNtCs1OA3ihfmHv5_14sondeo_session4pageNtNtB4_7session7Session9rest_read",
            "sondeo_model[0a1b2c3d4e5f6071]::definition::ending::rest_read",
            "sondeo_model::problem::rest_say::<<sondeo_model::reader::Reader>::single::{closure#1}>",
        ] {
            assert!(is_gate(gate), "{gate}");
        }
        for other in ["sondeo::rest_read::{closure#0}", "alloc::rest_of", "sondeo::rest::fetch"] {
            assert!(!is_gate(other), "{other}");
        }
    }

    #[test]
    fn a_module_without_gates_is_refused() {
        let owned = Ownership::default();
        let empty = Module::new().finish();
        assert!(cut(&empty, &owned).is_err() && ownership(&empty).is_err());
    }
}
