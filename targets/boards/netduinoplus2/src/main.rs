//! Netduino Plus 2: STM32F405, console on USART1 (PA9 out, PA10 in).
#![no_std]
#![no_main]

use hognose_target::arch::cpu;
use hognose_target::reg::Reg;
use hognose_target::uart::Stm32;
use hognose_target::{Machine, clock_hz, firmware};

static CONSOLE: Stm32 = Stm32(Reg(0x4001_1000));

const RCC_AHB1ENR: Reg = Reg(0x4002_3830);
const RCC_APB2ENR: Reg = Reg(0x4002_3844);
const GPIOA_MODER: Reg = Reg(0x4002_0000);
const GPIOA_AFRH: Reg = Reg(0x4002_0024);

static MACHINE: Machine = Machine {
    start: || {
        cpu::start_clock(clock_hz!());
        RCC_AHB1ENR.modify(0, 1 << 0);
        RCC_APB2ENR.modify(0, 1 << 4);
        // Pins 9 and 10: alternate function 7, the USART.
        GPIOA_AFRH.modify(0xff << 4, 0x77 << 4);
        GPIOA_MODER.modify(0b1111 << 18, 0b1010 << 18);
        CONSOLE.start(clock_hz!(), 115_200);
    },
    console: &CONSOLE,
    micros: cpu::micros,
    idle: cpu::idle,
    reset: cpu::reset,
    exit: cpu::exit,
};

firmware!(MACHINE);
