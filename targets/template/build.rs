fn main() {
    hognose_boards::build::emit();
}
