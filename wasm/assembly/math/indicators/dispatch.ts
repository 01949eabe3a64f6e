/**
 * Which kernel a kind means: the one place where kinds and kernels meet. A state is made in the workspace, where its
 * size shows, and is copied to its place by the host; a batch leaves it there.
 */
import { CHUNK_INPUTS, CHUNK_OUTPUTS, CHUNK_STRIDE, WORKSPACE } from "../../../layout";
import {
  KIND_SMA, KIND_EXPONENTIAL, KIND_WMA, KIND_DEMA, KIND_TEMA, KIND_HMA, KIND_KAMA, KIND_T3, KIND_ZLEMA, KIND_ALMA,
  KIND_RMA, KIND_VWMA, KIND_LSMA, KIND_MAMA, KIND_TRIMA, KIND_RSI, KIND_MACD, KIND_PPO, KIND_ROC, KIND_MOMENTUM,
  KIND_STOCHASTIC, KIND_STOCHASTIC_RSI, KIND_CCI, KIND_WILLIAMS_R, KIND_CMO, KIND_TSI, KIND_TRIX, KIND_ULTIMATE,
  KIND_AWESOME, KIND_AROON, KIND_ADX, KIND_VORTEX, KIND_KST, KIND_TRUE_RANGE, KIND_ATR, KIND_NATR, KIND_BOLLINGER,
  KIND_PERCENT_B, KIND_BANDWIDTH, KIND_KELTNER, KIND_DONCHIAN, KIND_DEVIATION, KIND_CHOPPINESS, KIND_ULCER,
  KIND_REALISED, KIND_PARKINSON, KIND_GARMAN_KLASS, KIND_ROGERS_SATCHELL, KIND_YANG_ZHANG,
} from "../../../ta/kinds";
import { CANONICAL_NAN, INPUT_MAX } from "../number";
import { endOfParts } from "../parts/part";
import { almaInit, almaPush, kamaInit, kamaPush } from "./adaptive-averages";
import {
  demaInit, demaPush, exponentialInit, exponentialPush, hmaInit, hmaPush, lsmaPush, rmaInit, rmaPush, smaInit, smaPush,
  t3Init, t3Push, temaInit, temaPush, trimaInit, trimaPush, vwmaInit, vwmaPush, wmaInit, wmaPush, zlemaInit,
  zlemaPush,
} from "./averages";
import {
  awesomeInit, awesomePush, kstInit, kstPush, macdInit, macdPush, ppoPush, trixInit, trixPush, tsiInit, tsiPush,
} from "./convergence";
import { adxInit, adxPush, aroonInit, aroonPush, vortexInit, vortexPush } from "./directional";
import { mamaInit, mamaPush } from "./mama";
import {
  cciInit, cciPush, cmoInit, cmoPush, lagInit, momentumPush, rangeInit, rocPush, rsiInit, rsiPush, stochasticInit,
  stochasticPush, stochasticRsiInit, stochasticRsiPush, ultimateInit, ultimatePush, williamsPush,
} from "./oscillators";
import {
  garmanKlassPush, parkinsonPush, realisedInit, realisedPush, rogersSatchellPush, sumInit, yangZhangInit,
  yangZhangPush,
} from "./range-volatility";
import {
  atrInit, atrPush, bandwidthPush, bollingerPush, choppinessInit, choppinessPush, deviationPush, donchianInit,
  donchianPush, keltnerInit, keltnerPush, momentsInit, natrPush, percentBPush, trueRangePush, ulcerInit, ulcerPush,
} from "./volatility";
import { beginIndicator, Indicator } from "./indicator";
import { atrLoop, bollingerLoop, exponentialLoop, macdLoop, natrLoop, rmaLoop, rsiLoop, smaLoop } from "./loops";

/** Makes a state of `kind` in the workspace, of the parameters in the call slots; returns its bytes, 0 of no kind. */
export function indicatorInit(kind: i32, needed: i32): i32 {
  const s = beginIndicator(WORKSPACE, kind, needed);
  if (!place(s, kind)) return 0;
  s.bytes = <i32>(endOfParts() - WORKSPACE);
  return s.bytes;
}

/** Takes the inputs of the state into it. */
export function indicatorPush(at: usize): void {
  const s = changetype<Indicator>(at);
  push(s, s.kind);
  if (s.count != s.needed) {
    ++s.count;
    canonicalise(at);
  }
}

/** Takes `length` inputs of the chunk into the state in the workspace and writes what it gives after each. */
export function indicatorBatch(inputs: i32, outputs: i32, length: i32): void {
  const s = changetype<Indicator>(WORKSPACE);
  const end = <usize>length << 3;
  const warm = min(<usize>(s.needed - s.count) << 3, end);
  pushChunk(0, warm, inputs, outputs);
  if (warm < end && !loop(s, s.kind, warm, end)) pushChunk(warm, end, inputs, outputs);
}

function pushChunk(from: usize, end: usize, inputs: i32, outputs: i32): void {
  for (let index = from; index < end; index += 8) {
    for (let input = 0; input < inputs; ++input) {
      const x = load<f64>(CHUNK_INPUTS + <usize>input * CHUNK_STRIDE + index);
      store<f64>(WORKSPACE + (<usize>input << 3), x, offsetof<Indicator>("in0"));
    }
    indicatorPush(WORKSPACE);
    for (let output = 0; output < outputs; ++output) {
      const y = load<f64>(WORKSPACE + (<usize>output << 3), offsetof<Indicator>("out0"));
      store<f64>(CHUNK_OUTPUTS + <usize>output * CHUNK_STRIDE + index, y);
    }
  }
}

/** The first of `length` doubles of input number `input` that is not accepted or, if it must be, above 0; else −1. */
export function firstRefused(input: i32, length: i32, positive: bool): i32 {
  const from = CHUNK_INPUTS + <usize>input * CHUNK_STRIDE;
  if (areAccepted(from, from + (<usize>length << 3), positive)) return -1;
  const least = positive ? f64.MIN_VALUE : -INPUT_MAX;
  for (let index = 0; index < length; ++index) {
    const x = load<f64>(from + (<usize>index << 3));
    if (!(x >= least && x <= INPUT_MAX)) return index;
  }
  return -1;
}

/** Doubles of one sign are ordered as their bits are, NaN above all; one sign bit tells of any that is out of range. */
function areAccepted(from: usize, end: usize, positive: bool): bool {
  const most = reinterpret<i64>(INPUT_MAX);
  let out: i64 = 0;
  let at = from;
  for (const four = end - ((end - from) & 31); at < four; at += 32) {
    out |= (most - magnitude(at)) | (most - magnitude(at + 8)) | (most - magnitude(at + 16)) | (most - magnitude(at + 24));
  }
  for (; at < end; at += 8) out |= most - magnitude(at);
  if (positive) for (at = from; at < end; at += 8) out |= load<i64>(at) | (load<i64>(at) - 1);
  return out >= 0;
}

// @ts-ignore: decorator
@inline
function magnitude(at: usize): i64 {
  return load<i64>(at) & i64.MAX_VALUE;
}

/** While warming up: a NaN that arithmetic made may have either sign, one that is kept has not. */
function canonicalise(at: usize): void {
  for (let offset: usize = 0; offset < 48; offset += 8) {
    const y = load<f64>(at + offset, offsetof<Indicator>("out0"));
    if (y != y) store<f64>(at + offset, CANONICAL_NAN, offsetof<Indicator>("out0"));
  }
}

/** Puts the parts behind the fields; false when there is no such kind. */
function place(s: Indicator, kind: i32): bool {
  switch (kind) {
    case KIND_SMA:
      smaInit(s);
      return true;
    case KIND_EXPONENTIAL:
      exponentialInit(s);
      return true;
    case KIND_WMA:
    case KIND_LSMA:
      wmaInit(s);
      return true;
    case KIND_DEMA:
      demaInit(s);
      return true;
    case KIND_TEMA:
      temaInit(s);
      return true;
    case KIND_HMA:
      hmaInit(s);
      return true;
    case KIND_KAMA:
      kamaInit(s);
      return true;
    case KIND_T3:
      t3Init(s);
      return true;
    case KIND_ZLEMA:
      zlemaInit(s);
      return true;
    case KIND_ALMA:
      almaInit(s);
      return true;
    case KIND_RMA:
      rmaInit(s);
      return true;
    case KIND_VWMA:
      vwmaInit(s);
      return true;
    case KIND_MAMA:
      mamaInit(s);
      return true;
    case KIND_TRIMA:
      trimaInit(s);
      return true;
    case KIND_RSI:
      rsiInit(s);
      return true;
    case KIND_MACD:
    case KIND_PPO:
      macdInit(s);
      return true;
    case KIND_ROC:
    case KIND_MOMENTUM:
      lagInit(s);
      return true;
    case KIND_STOCHASTIC:
      stochasticInit(s);
      return true;
    case KIND_STOCHASTIC_RSI:
      stochasticRsiInit(s);
      return true;
    case KIND_CCI:
      cciInit(s);
      return true;
    case KIND_WILLIAMS_R:
      rangeInit(s);
      return true;
    case KIND_CMO:
      cmoInit(s);
      return true;
    case KIND_TSI:
      tsiInit(s);
      return true;
    case KIND_TRIX:
      trixInit(s);
      return true;
    case KIND_ULTIMATE:
      ultimateInit(s);
      return true;
    case KIND_AWESOME:
      awesomeInit(s);
      return true;
    case KIND_AROON:
      aroonInit(s);
      return true;
    case KIND_ADX:
      adxInit(s);
      return true;
    case KIND_VORTEX:
      vortexInit(s);
      return true;
    case KIND_KST:
      kstInit(s);
      return true;
    case KIND_TRUE_RANGE:
      return true;
    case KIND_ATR:
    case KIND_NATR:
      atrInit(s);
      return true;
    case KIND_BOLLINGER:
    case KIND_PERCENT_B:
    case KIND_BANDWIDTH:
    case KIND_DEVIATION:
      momentsInit(s);
      return true;
    case KIND_KELTNER:
      keltnerInit(s);
      return true;
    case KIND_DONCHIAN:
      donchianInit(s);
      return true;
    case KIND_CHOPPINESS:
      choppinessInit(s);
      return true;
    case KIND_ULCER:
      ulcerInit(s);
      return true;
    case KIND_REALISED:
      realisedInit(s);
      return true;
    case KIND_PARKINSON:
    case KIND_GARMAN_KLASS:
    case KIND_ROGERS_SATCHELL:
      sumInit(s);
      return true;
    case KIND_YANG_ZHANG:
      yangZhangInit(s);
      return true;
    default:
      return false;
  }
}

function push(s: Indicator, kind: i32): void {
  switch (kind) {
    case KIND_SMA:
      smaPush(s);
      return;
    case KIND_EXPONENTIAL:
      exponentialPush(s);
      return;
    case KIND_RMA:
      rmaPush(s);
      return;
    case KIND_WMA:
      wmaPush(s);
      return;
    case KIND_DEMA:
      demaPush(s);
      return;
    case KIND_TEMA:
      temaPush(s);
      return;
    case KIND_HMA:
      hmaPush(s);
      return;
    case KIND_KAMA:
      kamaPush(s);
      return;
    case KIND_T3:
      t3Push(s);
      return;
    case KIND_ZLEMA:
      zlemaPush(s);
      return;
    case KIND_ALMA:
      almaPush(s);
      return;
    case KIND_VWMA:
      vwmaPush(s);
      return;
    case KIND_LSMA:
      lsmaPush(s);
      return;
    case KIND_MAMA:
      mamaPush(s);
      return;
    case KIND_TRIMA:
      trimaPush(s);
      return;
    case KIND_RSI:
      rsiPush(s);
      return;
    case KIND_MACD:
      macdPush(s);
      return;
    case KIND_PPO:
      ppoPush(s);
      return;
    case KIND_ROC:
      rocPush(s);
      return;
    case KIND_MOMENTUM:
      momentumPush(s);
      return;
    case KIND_STOCHASTIC:
      stochasticPush(s);
      return;
    case KIND_STOCHASTIC_RSI:
      stochasticRsiPush(s);
      return;
    case KIND_CCI:
      cciPush(s);
      return;
    case KIND_WILLIAMS_R:
      williamsPush(s);
      return;
    case KIND_CMO:
      cmoPush(s);
      return;
    case KIND_TSI:
      tsiPush(s);
      return;
    case KIND_TRIX:
      trixPush(s);
      return;
    case KIND_ULTIMATE:
      ultimatePush(s);
      return;
    case KIND_AWESOME:
      awesomePush(s);
      return;
    case KIND_AROON:
      aroonPush(s);
      return;
    case KIND_ADX:
      adxPush(s);
      return;
    case KIND_VORTEX:
      vortexPush(s);
      return;
    case KIND_KST:
      kstPush(s);
      return;
    case KIND_TRUE_RANGE:
      trueRangePush(s);
      return;
    case KIND_ATR:
      atrPush(s);
      return;
    case KIND_NATR:
      natrPush(s);
      return;
    case KIND_BOLLINGER:
      bollingerPush(s);
      return;
    case KIND_PERCENT_B:
      percentBPush(s);
      return;
    case KIND_BANDWIDTH:
      bandwidthPush(s);
      return;
    case KIND_KELTNER:
      keltnerPush(s);
      return;
    case KIND_DONCHIAN:
      donchianPush(s);
      return;
    case KIND_DEVIATION:
      deviationPush(s);
      return;
    case KIND_CHOPPINESS:
      choppinessPush(s);
      return;
    case KIND_ULCER:
      ulcerPush(s);
      return;
    case KIND_REALISED:
      realisedPush(s);
      return;
    case KIND_PARKINSON:
      parkinsonPush(s);
      return;
    case KIND_GARMAN_KLASS:
      garmanKlassPush(s);
      return;
    case KIND_ROGERS_SATCHELL:
      rogersSatchellPush(s);
      return;
    case KIND_YANG_ZHANG:
      yangZhangPush(s);
      return;
    default:
      unreachable();
  }
}

/** Runs the loop of a kind that has one; false when it has none. */
function loop(s: Indicator, kind: i32, from: usize, end: usize): bool {
  switch (kind) {
    case KIND_SMA:
      smaLoop(s, from, end);
      return true;
    case KIND_EXPONENTIAL:
      exponentialLoop(s, from, end);
      return true;
    case KIND_RMA:
      rmaLoop(s, from, end);
      return true;
    case KIND_RSI:
      rsiLoop(s, from, end);
      return true;
    case KIND_MACD:
      macdLoop(s, from, end);
      return true;
    case KIND_ATR:
      atrLoop(s, from, end);
      return true;
    case KIND_NATR:
      natrLoop(s, from, end);
      return true;
    case KIND_BOLLINGER:
      bollingerLoop(s, from, end);
      return true;
    default:
      return false;
  }
}
