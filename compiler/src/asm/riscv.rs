//! TABLE of the RISC-V instructions: RV32IM and RV64IM with the compressed forms,
//! CSR access, Zba and Zcmp.
//!
//! Source: The RISC-V Instruction Set Manual, volume I (20240411). How to read a
//! line is told in [`super::row`]. `li` and `la` are put together by the
//! assembler.

use super::row::Row;

/// What RV32IMC and RV64IMC share, with Zicsr.
pub const I: u16 = 1;
/// Address generation.
pub const ZBA: u16 = 2;
/// Push, pop and double moves.
pub const ZCMP: u16 = 4;
/// Words of 32 bits.
pub const RV32: u16 = 8;
/// Words of 64 bits.
pub const RV64: u16 = 16;

instructions! {

    // RV32I
    LUI: "lui", "lui", "d, i:any", "iiiiiiiiiiiiiiiiiiiiddddd0110111", I;
    AUIPC: "auipc", "auipc", "d, i:any", "iiiiiiiiiiiiiiiiiiiiddddd0010111", I;
    JAL: "jal", "jal", "d, l<20|10:1|11|19:12>", "llllllllllllllllllllddddd1101111", I;
    JALR: "jalr", "jalr", "d, s, j | d, j(s)", "jjjjjjjjjjjjsssss000ddddd1100111", I;
    BEQ: "beq", "beq", "s, t, l<12|10:5|4:1|11>", "llllllltttttsssss000lllll1100011", I;
    BNE: "bne", "bne", "s, t, l<12|10:5|4:1|11>", "llllllltttttsssss001lllll1100011", I;
    BLT: "blt", "blt", "s, t, l<12|10:5|4:1|11>", "llllllltttttsssss100lllll1100011", I;
    BGE: "bge", "bge", "s, t, l<12|10:5|4:1|11>", "llllllltttttsssss101lllll1100011", I;
    BLTU: "bltu", "bltu", "s, t, l<12|10:5|4:1|11>", "llllllltttttsssss110lllll1100011", I;
    BGEU: "bgeu", "bgeu", "s, t, l<12|10:5|4:1|11>", "llllllltttttsssss111lllll1100011", I;
    LB: "lb", "lb", "d, j(s)", "jjjjjjjjjjjjsssss000ddddd0000011", I;
    LH: "lh", "lh", "d, j(s)", "jjjjjjjjjjjjsssss001ddddd0000011", I;
    LW: "lw", "lw", "d, j(s)", "jjjjjjjjjjjjsssss010ddddd0000011", I;
    LBU: "lbu", "lbu", "d, j(s)", "jjjjjjjjjjjjsssss100ddddd0000011", I;
    LHU: "lhu", "lhu", "d, j(s)", "jjjjjjjjjjjjsssss101ddddd0000011", I;
    SB: "sb", "sb", "t, j(s)", "jjjjjjjtttttsssss000jjjjj0100011", I;
    SH: "sh", "sh", "t, j(s)", "jjjjjjjtttttsssss001jjjjj0100011", I;
    SW: "sw", "sw", "t, j(s)", "jjjjjjjtttttsssss010jjjjj0100011", I;
    ADDI: "addi", "addi", "d, s, j", "jjjjjjjjjjjjsssss000ddddd0010011", I;
    SLTI: "slti", "slti", "d, s, j", "jjjjjjjjjjjjsssss010ddddd0010011", I;
    SLTIU: "sltiu", "sltiu", "d, s, j", "jjjjjjjjjjjjsssss011ddddd0010011", I;
    XORI: "xori", "xori", "d, s, j", "jjjjjjjjjjjjsssss100ddddd0010011", I;
    ORI: "ori", "ori", "d, s, j", "jjjjjjjjjjjjsssss110ddddd0010011", I;
    ANDI: "andi", "andi", "d, s, j", "jjjjjjjjjjjjsssss111ddddd0010011", I;
    SLLI: "slli", "slli", "d, s, i", "0000000iiiiisssss001ddddd0010011", I;
    SRLI: "srli", "srli", "d, s, i", "0000000iiiiisssss101ddddd0010011", I;
    SRAI: "srai", "srai", "d, s, i", "0100000iiiiisssss101ddddd0010011", I;
    ADD: "add", "add", "d, s, t", "0000000tttttsssss000ddddd0110011", I;
    SUB: "sub", "sub", "d, s, t", "0100000tttttsssss000ddddd0110011", I;
    SLL: "sll", "sll", "d, s, t", "0000000tttttsssss001ddddd0110011", I;
    SLT: "slt", "slt", "d, s, t", "0000000tttttsssss010ddddd0110011", I;
    SLTU: "sltu", "sltu", "d, s, t", "0000000tttttsssss011ddddd0110011", I;
    XOR: "xor", "xor", "d, s, t", "0000000tttttsssss100ddddd0110011", I;
    SRL: "srl", "srl", "d, s, t", "0000000tttttsssss101ddddd0110011", I;
    SRA: "sra", "sra", "d, s, t", "0100000tttttsssss101ddddd0110011", I;
    OR: "or_", "or", "d, s, t", "0000000tttttsssss110ddddd0110011", I;
    AND: "and_", "and", "d, s, t", "0000000tttttsssss111ddddd0110011", I;
    FENCE: "fence", "fence", " | iorw,iorw", "00001111111100000000000000001111", I;
    FENCE_I: "fence_i", "fence.i", "", "00000000000000000001000000001111", I;
    ECALL: "ecall", "ecall", "", "00000000000000000000000001110011", I;
    EBREAK: "ebreak", "ebreak", "", "00000000000100000000000001110011", I;
    WFI: "wfi", "wfi", "", "00010000010100000000000001110011", I;
    MRET: "mret", "mret", "", "00110000001000000000000001110011", I;
    CSRRW: "csrrw", "csrrw", "d, s, k | d, k, s", "kkkkkkkkkkkksssss001ddddd1110011", I;
    CSRRS: "csrrs", "csrrs", "d, s, k | d, k, s", "kkkkkkkkkkkksssss010ddddd1110011", I;
    CSRRC: "csrrc", "csrrc", "d, s, k | d, k, s", "kkkkkkkkkkkksssss011ddddd1110011", I;
    CSRRWI: "csrrwi", "csrrwi", "d, k, i", "kkkkkkkkkkkkiiiii101ddddd1110011", I;
    CSRRSI: "csrrsi", "csrrsi", "d, k, i", "kkkkkkkkkkkkiiiii110ddddd1110011", I;
    CSRRCI: "csrrci", "csrrci", "d, k, i", "kkkkkkkkkkkkiiiii111ddddd1110011", I;

    // M
    MUL: "mul", "mul", "d, s, t", "0000001tttttsssss000ddddd0110011", I;
    MULH: "mulh", "mulh", "d, s, t", "0000001tttttsssss001ddddd0110011", I;
    MULHSU: "mulhsu", "mulhsu", "d, s, t", "0000001tttttsssss010ddddd0110011", I;
    MULHU: "mulhu", "mulhu", "d, s, t", "0000001tttttsssss011ddddd0110011", I;
    DIV: "div", "div", "d, s, t", "0000001tttttsssss100ddddd0110011", I;
    DIVU: "divu", "divu", "d, s, t", "0000001tttttsssss101ddddd0110011", I;
    REM: "rem", "rem", "d, s, t", "0000001tttttsssss110ddddd0110011", I;
    REMU: "remu", "remu", "d, s, t", "0000001tttttsssss111ddddd0110011", I;

    // RV64I and its part of M; shifts by less than 32 are those of RV32I
    LWU: "lwu", "lwu", "d, j(s)", "jjjjjjjjjjjjsssss110ddddd0000011", RV64;
    LD: "ld", "ld", "d, j(s)", "jjjjjjjjjjjjsssss011ddddd0000011", RV64;
    SD: "sd", "sd", "t, j(s)", "jjjjjjjtttttsssss011jjjjj0100011", RV64;
    SLLI_64: "slli", "slli", "d, s, i", "000000iiiiiisssss001ddddd0010011", RV64;
    SRLI_64: "srli", "srli", "d, s, i", "000000iiiiiisssss101ddddd0010011", RV64;
    SRAI_64: "srai", "srai", "d, s, i", "010000iiiiiisssss101ddddd0010011", RV64;
    ADDIW: "addiw", "addiw", "d, s, j", "jjjjjjjjjjjjsssss000ddddd0011011", RV64;
    SLLIW: "slliw", "slliw", "d, s, i", "0000000iiiiisssss001ddddd0011011", RV64;
    SRLIW: "srliw", "srliw", "d, s, i", "0000000iiiiisssss101ddddd0011011", RV64;
    SRAIW: "sraiw", "sraiw", "d, s, i", "0100000iiiiisssss101ddddd0011011", RV64;
    ADDW: "addw", "addw", "d, s, t", "0000000tttttsssss000ddddd0111011", RV64;
    SUBW: "subw", "subw", "d, s, t", "0100000tttttsssss000ddddd0111011", RV64;
    SLLW: "sllw", "sllw", "d, s, t", "0000000tttttsssss001ddddd0111011", RV64;
    SRLW: "srlw", "srlw", "d, s, t", "0000000tttttsssss101ddddd0111011", RV64;
    SRAW: "sraw", "sraw", "d, s, t", "0100000tttttsssss101ddddd0111011", RV64;
    MULW: "mulw", "mulw", "d, s, t", "0000001tttttsssss000ddddd0111011", RV64;
    DIVW: "divw", "divw", "d, s, t", "0000001tttttsssss100ddddd0111011", RV64;
    DIVUW: "divuw", "divuw", "d, s, t", "0000001tttttsssss101ddddd0111011", RV64;
    REMW: "remw", "remw", "d, s, t", "0000001tttttsssss110ddddd0111011", RV64;
    REMUW: "remuw", "remuw", "d, s, t", "0000001tttttsssss111ddddd0111011", RV64;

    // Zba
    SH1ADD: "sh1add", "sh1add", "d, s, t", "0010000tttttsssss010ddddd0110011", ZBA;
    SH2ADD: "sh2add", "sh2add", "d, s, t", "0010000tttttsssss100ddddd0110011", ZBA;
    SH3ADD: "sh3add", "sh3add", "d, s, t", "0010000tttttsssss110ddddd0110011", ZBA;

    // C
    C_ADDI4SPN: "c_addi4spn", "c.addi4spn", "d', i#<5:4|9:6|2|3> | d', sp, i", "000iiiiiiiiddd00", I;
    C_LW: "c_lw", "c.lw", "d', i:any<5:3|2|6>(s')", "010iiisssiiddd00", I;
    C_SW: "c_sw", "c.sw", "t', i:any<5:3|2|6>(s')", "110iiisssiittt00", I;
    C_NOP: "c_nop", "c.nop", "", "0000000000000001", I;
    C_ADDI: "c_addi", "c.addi", "d#, j#", "000jdddddjjjjj01", I;
    C_JAL: "c_jal", "c.jal", "l<11|4|9:8|10|6|7|3:1|5>", "001lllllllllll01", RV32;
    C_LI: "c_li", "c.li", "d#, j", "010jdddddjjjjj01", I;
    C_ADDI16SP: "c_addi16sp", "c.addi16sp", "j#<9|4|6|8:7|5> | sp, j", "011j00010jjjjj01", I;
    C_LUI: "c_lui", "c.lui", "d#, j#:upper", "011jdddddjjjjj01", I;
    C_SRLI: "c_srli", "c.srli", "d', i", "100000dddiiiii01", I;
    C_SRAI: "c_srai", "c.srai", "d', i", "100001dddiiiii01", I;
    C_ANDI: "c_andi", "c.andi", "d', j", "100j10dddjjjjj01", I;
    C_SUB: "c_sub", "c.sub", "d', t'", "100011ddd00ttt01", I;
    C_XOR: "c_xor", "c.xor", "d', t'", "100011ddd01ttt01", I;
    C_OR: "c_or", "c.or", "d', t'", "100011ddd10ttt01", I;
    C_AND: "c_and", "c.and", "d', t'", "100011ddd11ttt01", I;
    C_J: "c_j", "c.j", "l<11|4|9:8|10|6|7|3:1|5>", "101lllllllllll01", I;
    C_BEQZ: "c_beqz", "c.beqz", "s', l<8|4:3|7:6|2:1|5>", "110lllssslllll01", I;
    C_BNEZ: "c_bnez", "c.bnez", "s', l<8|4:3|7:6|2:1|5>", "111lllssslllll01", I;
    C_SLLI: "c_slli", "c.slli", "d#, i", "0000dddddiiiii10", I;
    C_LWSP: "c_lwsp", "c.lwsp", "d#, i:any<5|4:2|7:6> | d, i(sp)", "010idddddiiiii10", I;
    C_JR: "c_jr", "c.jr", "s#", "1000sssss0000010", I;
    C_MV: "c_mv", "c.mv", "d#, t#", "1000dddddttttt10", I;
    C_EBREAK: "c_ebreak", "c.ebreak", "", "1001000000000010", I;
    C_JALR: "c_jalr", "c.jalr", "s#", "1001sssss0000010", I;
    C_ADD: "c_add", "c.add", "d#, t#", "1001dddddttttt10", I;
    C_SWSP: "c_swsp", "c.swsp", "t, i:any<5:2|7:6> | t, i(sp)", "110iiiiiittttt10", I;

    // C of RV64
    C_LD: "c_ld", "c.ld", "d', i<5:3|7:6>(s')", "011iiisssiiddd00", RV64;
    C_SD: "c_sd", "c.sd", "t', i<5:3|7:6>(s')", "111iiisssiittt00", RV64;
    C_ADDIW: "c_addiw", "c.addiw", "d#, j", "001jdddddjjjjj01", RV64;
    C_SRLI_64: "c_srli", "c.srli", "d', i", "100i00dddiiiii01", RV64;
    C_SRAI_64: "c_srai", "c.srai", "d', i", "100i01dddiiiii01", RV64;
    C_SUBW: "c_subw", "c.subw", "d', t'", "100111ddd00ttt01", RV64;
    C_ADDW: "c_addw", "c.addw", "d', t'", "100111ddd01ttt01", RV64;
    C_SLLI_64: "c_slli", "c.slli", "d#, i", "000idddddiiiii10", RV64;
    C_LDSP: "c_ldsp", "c.ldsp", "d#, i<5|4:3|8:6> | d, i(sp)", "011idddddiiiii10", RV64;
    C_SDSP: "c_sdsp", "c.sdsp", "t, i<5:3|8:6> | t, i(sp)", "111iiiiiittttt10", RV64;

    // Zcmp
    CM_PUSH: "cm_push", "cm.push", "{r:push<3:0>}, i:neg<5:4>", "10111000rrrrii10", ZCMP;
    CM_POP: "cm_pop", "cm.pop", "{r:push<3:0>}, i<5:4>", "10111010rrrrii10", ZCMP;
    CM_POPRETZ: "cm_popretz", "cm.popretz", "{r:push<3:0>}, i<5:4>", "10111100rrrrii10", ZCMP;
    CM_POPRET: "cm_popret", "cm.popret", "{r:push<3:0>}, i<5:4>", "10111110rrrrii10", ZCMP;
    CM_MVA01S: "cm_mva01s", "cm.mva01s", "s:saved, t:saved", "101011sss11ttt10", ZCMP;
    CM_MVSA01: "cm_mvsa01", "cm.mvsa01", "s:saved, t:saved", "101011sss01ttt10", ZCMP;

    // Usual short names (the assembler's only; the disassembler shows the forms above)
    NOP: "nop", "nop", "", "00000000000000000000000000010011", I;
    MV: "mv", "c.mv", "d#, t#", "1000dddddttttt10", I;
    MV_Z: "mv", "addi", "d, s | d, s, 0", "000000000000sssss000ddddd0010011", I;
    RET: "ret", "c.jr", "", "1000000010000010", I;
    J: "j", "jal", "l<20|10:1|11|19:12>", "llllllllllllllllllll000001101111", I;
    JAL_RA: "jal", "jal", "l<20|10:1|11|19:12>", "llllllllllllllllllll000011101111", I;
    JR: "jr", "jalr", "s", "000000000000sssss000000001100111", I;
    BEQZ: "beqz", "beq", "s, l<12|10:5|4:1|11>", "lllllll00000sssss000lllll1100011", I;
    BNEZ: "bnez", "bne", "s, l<12|10:5|4:1|11>", "lllllll00000sssss001lllll1100011", I;
    BLTZ: "bltz", "blt", "s, l<12|10:5|4:1|11>", "lllllll00000sssss100lllll1100011", I;
    BGEZ: "bgez", "bge", "s, l<12|10:5|4:1|11>", "lllllll00000sssss101lllll1100011", I;
    BGTZ: "bgtz", "blt", "t, l<12|10:5|4:1|11>", "lllllllttttt00000100lllll1100011", I;
    BLEZ: "blez", "bge", "t, l<12|10:5|4:1|11>", "lllllllttttt00000101lllll1100011", I;
    BGT: "bgt", "blt", "t, s, l<12|10:5|4:1|11>", "llllllltttttsssss100lllll1100011", I;
    BLE: "ble", "bge", "t, s, l<12|10:5|4:1|11>", "llllllltttttsssss101lllll1100011", I;
    BGTU: "bgtu", "bltu", "t, s, l<12|10:5|4:1|11>", "llllllltttttsssss110lllll1100011", I;
    BLEU: "bleu", "bgeu", "t, s, l<12|10:5|4:1|11>", "llllllltttttsssss111lllll1100011", I;
    NOT: "not_", "xori", "d, s", "111111111111sssss100ddddd0010011", I;
    NEG: "neg", "sub", "d, t", "0100000ttttt00000000ddddd0110011", I;
    SEQZ: "seqz", "sltiu", "d, s", "000000000001sssss011ddddd0010011", I;
    SNEZ: "snez", "sltu", "d, t", "0000000ttttt00000011ddddd0110011", I;
    SLTZ: "sltz", "slt", "d, s", "000000000000sssss010ddddd0110011", I;
    SGTZ: "sgtz", "slt", "d, t", "0000000ttttt00000010ddddd0110011", I;
    CSRR: "csrr", "csrrs", "d, k", "kkkkkkkkkkkk00000010ddddd1110011", I;
    CSRW: "csrw", "csrrw", "k, s", "kkkkkkkkkkkksssss001000001110011", I;
}
