/** Which kernel a kind means: the one place where kinds and kernels meet. */
import {
  KIND_SMA, KIND_EXPONENTIAL, KIND_WMA, KIND_DEMA, KIND_TEMA, KIND_HMA, KIND_KAMA, KIND_T3, KIND_ZLEMA, KIND_ALMA,
  KIND_RMA, KIND_VWMA, KIND_LSMA, KIND_MAMA, KIND_TRIMA, KIND_RSI, KIND_MACD, KIND_PPO, KIND_ROC, KIND_MOMENTUM,
  KIND_STOCHASTIC, KIND_STOCHASTIC_RSI, KIND_CCI, KIND_WILLIAMS_R, KIND_CMO, KIND_TSI, KIND_TRIX, KIND_ULTIMATE,
  KIND_AWESOME, KIND_AROON, KIND_ADX, KIND_VORTEX, KIND_KST, KIND_TRUE_RANGE, KIND_ATR, KIND_NATR, KIND_BOLLINGER,
  KIND_PERCENT_B, KIND_BANDWIDTH, KIND_KELTNER, KIND_DONCHIAN, KIND_DEVIATION, KIND_CHOPPINESS, KIND_ULCER,
  KIND_REALISED, KIND_PARKINSON, KIND_GARMAN_KLASS, KIND_ROGERS_SATCHELL, KIND_YANG_ZHANG,
  KIND_OBV, KIND_AD, KIND_CMF, KIND_CHAIKIN, KIND_MFI, KIND_FORCE, KIND_VWAP, KIND_ROLLING_VWAP, KIND_EMV,
  KIND_VOLUME_INDEX,
  KIND_SAR, KIND_SUPERTREND, KIND_ICHIMOKU, KIND_REGRESSION, KIND_HEIKIN_ASHI, KIND_VARIANCE, KIND_Z_SCORE,
  KIND_SKEWNESS, KIND_KURTOSIS, KIND_QUANTILE, KIND_EXTREMES, KIND_COVARIANCE, KIND_CORRELATION, KIND_BETA,
  KIND_AUTOCORRELATION, KIND_EWMA_VARIANCE,
  KIND_IMBALANCE, KIND_MICROPRICE, KIND_ORDER_FLOW, KIND_KYLE, KIND_AMIHUD, KIND_TICK_RULE, KIND_LEE_READY,
  KIND_SPREAD,
  KIND_PIVOTS, KIND_EWMA_MEAN, KIND_EWMA_COVARIANCE, KIND_CUSUM, KIND_KALMAN_LEVEL, KIND_HEDGE_RATIO, KIND_HALF_LIFE,
  KIND_HURST, KIND_VPIN, KIND_REALISED_SPREAD, KIND_VOLUME_PROFILE, KIND_ADAPTIVE_RSI, KIND_DIVERGENCE,
  KIND_VOLATILITY_REGIME,
} from "../../../ta/kinds";
import { adaptiveRsiInit, adaptiveRsiPush, divergenceInit, divergencePush } from "./adaptive-strength";
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
import { cusumPush, ewmaCovariancePush, ewmaMeanPush, kalmanLevelPush } from "./filters";
import { hedgeRatioPush } from "./hedge-ratio";
import { adxLoop, aroonLoop } from "./directional-loops";
import { Indicator } from "./indicator";
import {
  atrLoop, cmoLoop, demaLoop, exponentialLoop, kamaLoop, macdLoop, natrLoop, ppoLoop, rmaLoop, rsiLoop,
  stochasticRsiLoop, t3Loop, temaLoop, trixLoop, trueRangeLoop,
} from "./loops";
import { mamaInit, mamaPush } from "./mama";
import {
  amihudPush, imbalancePush, kyleInit, kylePush, leeReadyPush, micropricePush, orderFlowInit, orderFlowPush,
  spreadPush, tickRulePush,
} from "./microstructure";
import { realisedSpreadInit, realisedSpreadPush, vpinInit, vpinPush } from "./order-flow";
import {
  cciInit, cciPush, cmoInit, cmoPush, lagInit, momentumPush, rangeInit, rocPush, rsiInit, rsiPush, stochasticInit,
  stochasticPush, stochasticRsiInit, stochasticRsiPush, ultimateInit, ultimatePush, williamsPush,
} from "./oscillators";
import { halfLifeInit, halfLifePush, hurstInit, hurstPush } from "./persistence";
import { pivotsInit, pivotsPush } from "./pivots";
import {
  garmanKlassPush, parkinsonPush, realisedInit, realisedPush, rogersSatchellPush, sumInit, yangZhangInit,
  yangZhangPush,
} from "./range-volatility";
import {
  autocorrelationPush, betaPush, correlationPush, covariancePush, ewmaVariancePush, extremesInit, extremesPush,
  kurtosisPush, pairInit, quantileInit, quantilePush, skewnessPush, variancePush, windowInit, zScorePush,
} from "./statistics";
import {
  heikinAshiPush, ichimokuInit, ichimokuPush, regressionInit, regressionPush, sarInit, sarPush, superTrendInit,
  superTrendPush,
} from "./trend";
import {
  atrInit, atrPush, bandwidthPush, bollingerPush, choppinessInit, choppinessPush, deviationPush, donchianInit,
  donchianPush, keltnerInit, keltnerPush, momentsInit, natrPush, percentBPush, trueRangePush, ulcerInit, ulcerPush,
} from "./volatility";
import { volatilityRegimeInit, volatilityRegimePush } from "./volatility-regime";
import {
  adPush, chaikinInit, chaikinPush, cmfPush, emvInit, emvPush, forceInit, forcePush, mfiPush, obvPush,
  rollingVwapInit, rollingVwapPush, twoSumsInit, volumeIndexPush, vwapPush,
} from "./volume";
import { sarLoop } from "./trend-loops";
import { adLoop, cmfLoop, chaikinLoop, mfiLoop, obvLoop } from "./volume-loops";
import {
  betaLoop, bollingerLoop, cciLoop, correlationLoop, covarianceLoop, deviationLoop, extremesLoop, lsmaLoop,
  momentumLoop, regressionLoop, rocLoop, smaLoop, stochasticLoop, trimaLoop, ultimateLoop, varianceLoop,
  williamsLoop, wmaLoop,
} from "./window-loops";
import { volumeProfileInit, volumeProfilePush } from "./volume-profile";

/** Puts the parts behind the fields; false when there is no such kind. */
export function placeParts(s: Indicator, kind: i32): bool {
  switch (kind) {
    case KIND_SMA: smaInit(s); return true;
    case KIND_EXPONENTIAL: exponentialInit(s); return true;
    case KIND_WMA: case KIND_LSMA: wmaInit(s); return true;
    case KIND_DEMA: demaInit(s); return true;
    case KIND_TEMA: temaInit(s); return true;
    case KIND_HMA: hmaInit(s); return true;
    case KIND_KAMA: kamaInit(s); return true;
    case KIND_T3: t3Init(s); return true;
    case KIND_ZLEMA: zlemaInit(s); return true;
    case KIND_ALMA: almaInit(s); return true;
    case KIND_RMA: rmaInit(s); return true;
    case KIND_VWMA: vwmaInit(s); return true;
    case KIND_MAMA: mamaInit(s); return true;
    case KIND_TRIMA: trimaInit(s); return true;
    case KIND_RSI: rsiInit(s); return true;
    case KIND_MACD: case KIND_PPO: macdInit(s); return true;
    case KIND_ROC: case KIND_MOMENTUM: lagInit(s); return true;
    case KIND_STOCHASTIC: stochasticInit(s); return true;
    case KIND_STOCHASTIC_RSI: stochasticRsiInit(s); return true;
    case KIND_CCI: cciInit(s); return true;
    case KIND_WILLIAMS_R: rangeInit(s); return true;
    case KIND_CMO: cmoInit(s); return true;
    case KIND_TSI: tsiInit(s); return true;
    case KIND_TRIX: trixInit(s); return true;
    case KIND_ULTIMATE: ultimateInit(s); return true;
    case KIND_AWESOME: awesomeInit(s); return true;
    case KIND_AROON: aroonInit(s); return true;
    case KIND_ADX: adxInit(s); return true;
    case KIND_VORTEX: vortexInit(s); return true;
    case KIND_KST: kstInit(s); return true;
    case KIND_CMF: case KIND_MFI: twoSumsInit(s); return true;
    case KIND_CHAIKIN: chaikinInit(s); return true;
    case KIND_FORCE: forceInit(s); return true;
    case KIND_ROLLING_VWAP: rollingVwapInit(s); return true;
    case KIND_EMV: emvInit(s); return true;
    case KIND_TRUE_RANGE: case KIND_OBV: case KIND_AD: case KIND_VWAP: case KIND_VOLUME_INDEX: return true;
    case KIND_ATR: case KIND_NATR: atrInit(s); return true;
    case KIND_BOLLINGER: case KIND_PERCENT_B: case KIND_BANDWIDTH: case KIND_DEVIATION: momentsInit(s); return true;
    case KIND_KELTNER: keltnerInit(s); return true;
    case KIND_DONCHIAN: donchianInit(s); return true;
    case KIND_CHOPPINESS: choppinessInit(s); return true;
    case KIND_ULCER: ulcerInit(s); return true;
    case KIND_REALISED: realisedInit(s); return true;
    case KIND_PARKINSON: case KIND_GARMAN_KLASS: case KIND_ROGERS_SATCHELL: sumInit(s); return true;
    case KIND_YANG_ZHANG: yangZhangInit(s); return true;
    case KIND_SAR: sarInit(s); return true;
    case KIND_SUPERTREND: superTrendInit(s); return true;
    case KIND_ICHIMOKU: ichimokuInit(s); return true;
    case KIND_REGRESSION: regressionInit(s); return true;
    case KIND_VARIANCE: case KIND_Z_SCORE: momentsInit(s); return true;
    case KIND_SKEWNESS: case KIND_KURTOSIS: case KIND_AUTOCORRELATION: windowInit(s); return true;
    case KIND_QUANTILE: quantileInit(s); return true;
    case KIND_EXTREMES: extremesInit(s); return true;
    case KIND_COVARIANCE: case KIND_CORRELATION: case KIND_BETA: pairInit(s); return true;
    case KIND_HEIKIN_ASHI: case KIND_EWMA_VARIANCE: return true;
    case KIND_IMBALANCE: case KIND_MICROPRICE: case KIND_TICK_RULE: case KIND_LEE_READY: case KIND_SPREAD: return true;
    case KIND_ORDER_FLOW: case KIND_AMIHUD: orderFlowInit(s); return true;
    case KIND_KYLE: kyleInit(s); return true;
    case KIND_PIVOTS: pivotsInit(s); return true;
    case KIND_EWMA_MEAN: case KIND_EWMA_COVARIANCE: case KIND_CUSUM: case KIND_KALMAN_LEVEL: return true;
    case KIND_HEDGE_RATIO: return true;
    case KIND_HALF_LIFE: halfLifeInit(s); return true;
    case KIND_HURST: hurstInit(s); return true;
    case KIND_VPIN: vpinInit(s); return true;
    case KIND_REALISED_SPREAD: realisedSpreadInit(s); return true;
    case KIND_VOLUME_PROFILE: volumeProfileInit(s); return true;
    case KIND_ADAPTIVE_RSI: adaptiveRsiInit(s); return true;
    case KIND_DIVERGENCE: divergenceInit(s); return true;
    case KIND_VOLATILITY_REGIME: volatilityRegimeInit(s); return true;
    default:
      return false;
  }
}

/** Takes the inputs into the state. */
// @ts-ignore: decorator
@inline
export function push(s: Indicator, kind: i32): void {
  switch (kind) {
    case KIND_SMA: smaPush(s); return;
    case KIND_EXPONENTIAL: exponentialPush(s); return;
    case KIND_RMA: rmaPush(s); return;
    case KIND_WMA: wmaPush(s); return;
    case KIND_DEMA: demaPush(s); return;
    case KIND_TEMA: temaPush(s); return;
    case KIND_HMA: hmaPush(s); return;
    case KIND_KAMA: kamaPush(s); return;
    case KIND_T3: t3Push(s); return;
    case KIND_ZLEMA: zlemaPush(s); return;
    case KIND_ALMA: almaPush(s); return;
    case KIND_VWMA: vwmaPush(s); return;
    case KIND_LSMA: lsmaPush(s); return;
    case KIND_MAMA: mamaPush(s); return;
    case KIND_TRIMA: trimaPush(s); return;
    case KIND_RSI: rsiPush(s); return;
    case KIND_MACD: macdPush(s); return;
    case KIND_PPO: ppoPush(s); return;
    case KIND_ROC: rocPush(s); return;
    case KIND_MOMENTUM: momentumPush(s); return;
    case KIND_STOCHASTIC: stochasticPush(s); return;
    case KIND_STOCHASTIC_RSI: stochasticRsiPush(s); return;
    case KIND_CCI: cciPush(s); return;
    case KIND_WILLIAMS_R: williamsPush(s); return;
    case KIND_CMO: cmoPush(s); return;
    case KIND_TSI: tsiPush(s); return;
    case KIND_TRIX: trixPush(s); return;
    case KIND_ULTIMATE: ultimatePush(s); return;
    case KIND_AWESOME: awesomePush(s); return;
    case KIND_AROON: aroonPush(s); return;
    case KIND_ADX: adxPush(s); return;
    case KIND_VORTEX: vortexPush(s); return;
    case KIND_KST: kstPush(s); return;
    case KIND_TRUE_RANGE: trueRangePush(s); return;
    case KIND_ATR: atrPush(s); return;
    case KIND_NATR: natrPush(s); return;
    case KIND_BOLLINGER: bollingerPush(s); return;
    case KIND_PERCENT_B: percentBPush(s); return;
    case KIND_BANDWIDTH: bandwidthPush(s); return;
    case KIND_KELTNER: keltnerPush(s); return;
    case KIND_DONCHIAN: donchianPush(s); return;
    case KIND_DEVIATION: deviationPush(s); return;
    case KIND_CHOPPINESS: choppinessPush(s); return;
    case KIND_ULCER: ulcerPush(s); return;
    case KIND_REALISED: realisedPush(s); return;
    case KIND_PARKINSON: parkinsonPush(s); return;
    case KIND_GARMAN_KLASS: garmanKlassPush(s); return;
    case KIND_ROGERS_SATCHELL: rogersSatchellPush(s); return;
    case KIND_YANG_ZHANG: yangZhangPush(s); return;
    case KIND_OBV: obvPush(s); return;
    case KIND_AD: adPush(s); return;
    case KIND_CMF: cmfPush(s); return;
    case KIND_CHAIKIN: chaikinPush(s); return;
    case KIND_MFI: mfiPush(s); return;
    case KIND_FORCE: forcePush(s); return;
    case KIND_VWAP: vwapPush(s); return;
    case KIND_ROLLING_VWAP: rollingVwapPush(s); return;
    case KIND_EMV: emvPush(s); return;
    case KIND_VOLUME_INDEX: volumeIndexPush(s); return;
    case KIND_SAR: sarPush(s); return;
    case KIND_SUPERTREND: superTrendPush(s); return;
    case KIND_ICHIMOKU: ichimokuPush(s); return;
    case KIND_REGRESSION: regressionPush(s); return;
    case KIND_HEIKIN_ASHI: heikinAshiPush(s); return;
    case KIND_VARIANCE: variancePush(s); return;
    case KIND_Z_SCORE: zScorePush(s); return;
    case KIND_SKEWNESS: skewnessPush(s); return;
    case KIND_KURTOSIS: kurtosisPush(s); return;
    case KIND_QUANTILE: quantilePush(s); return;
    case KIND_EXTREMES: extremesPush(s); return;
    case KIND_COVARIANCE: covariancePush(s); return;
    case KIND_CORRELATION: correlationPush(s); return;
    case KIND_BETA: betaPush(s); return;
    case KIND_AUTOCORRELATION: autocorrelationPush(s); return;
    case KIND_EWMA_VARIANCE: ewmaVariancePush(s); return;
    case KIND_IMBALANCE: imbalancePush(s); return;
    case KIND_MICROPRICE: micropricePush(s); return;
    case KIND_ORDER_FLOW: orderFlowPush(s); return;
    case KIND_KYLE: kylePush(s); return;
    case KIND_AMIHUD: amihudPush(s); return;
    case KIND_TICK_RULE: tickRulePush(s); return;
    case KIND_LEE_READY: leeReadyPush(s); return;
    case KIND_SPREAD: spreadPush(s); return;
    case KIND_PIVOTS: pivotsPush(s); return;
    case KIND_EWMA_MEAN: ewmaMeanPush(s); return;
    case KIND_EWMA_COVARIANCE: ewmaCovariancePush(s); return;
    case KIND_CUSUM: cusumPush(s); return;
    case KIND_KALMAN_LEVEL: kalmanLevelPush(s); return;
    case KIND_HEDGE_RATIO: hedgeRatioPush(s); return;
    case KIND_HALF_LIFE: halfLifePush(s); return;
    case KIND_HURST: hurstPush(s); return;
    case KIND_VPIN: vpinPush(s); return;
    case KIND_REALISED_SPREAD: realisedSpreadPush(s); return;
    case KIND_VOLUME_PROFILE: volumeProfilePush(s); return;
    case KIND_ADAPTIVE_RSI: adaptiveRsiPush(s); return;
    case KIND_DIVERGENCE: divergencePush(s); return;
    case KIND_VOLATILITY_REGIME: volatilityRegimePush(s); return;
    default:
      unreachable();
  }
}

/** Runs the loop of a kind that has one; false when it has none. */
export function loop(s: Indicator, kind: i32, from: usize, end: usize): bool {
  switch (kind) {
    case KIND_SMA: smaLoop(s, from, end); return true;
    case KIND_EXPONENTIAL: exponentialLoop(s, from, end); return true;
    case KIND_RMA: rmaLoop(s, from, end); return true;
    case KIND_WMA: wmaLoop(s, from, end); return true;
    case KIND_LSMA: lsmaLoop(s, from, end); return true;
    case KIND_DEMA: demaLoop(s, from, end); return true;
    case KIND_TEMA: temaLoop(s, from, end); return true;
    case KIND_T3: t3Loop(s, from, end); return true;
    case KIND_TRIMA: trimaLoop(s, from, end); return true;
    case KIND_RSI: rsiLoop(s, from, end); return true;
    case KIND_CMO: return cmoLoop(s, from, end);
    case KIND_MACD: macdLoop(s, from, end); return true;
    case KIND_PPO: ppoLoop(s, from, end); return true;
    case KIND_TRIX: trixLoop(s, from, end); return true;
    case KIND_ROC: rocLoop(s, from, end); return true;
    case KIND_MOMENTUM: momentumLoop(s, from, end); return true;
    case KIND_STOCHASTIC: stochasticLoop(s, from, end); return true;
    case KIND_STOCHASTIC_RSI: stochasticRsiLoop(s, from, end); return true;
    case KIND_WILLIAMS_R: williamsLoop(s, from, end); return true;
    case KIND_ULTIMATE: ultimateLoop(s, from, end); return true;
    case KIND_TRUE_RANGE: trueRangeLoop(s, from, end); return true;
    case KIND_ATR: atrLoop(s, from, end); return true;
    case KIND_NATR: natrLoop(s, from, end); return true;
    case KIND_BOLLINGER: bollingerLoop(s, from, end); return true;
    case KIND_DEVIATION: deviationLoop(s, from, end); return true;
    case KIND_VARIANCE: varianceLoop(s, from, end); return true;
    case KIND_EXTREMES: extremesLoop(s, from, end); return true;
    case KIND_REGRESSION: regressionLoop(s, from, end); return true;
    case KIND_COVARIANCE: covarianceLoop(s, from, end); return true;
    case KIND_CORRELATION: correlationLoop(s, from, end); return true;
    case KIND_BETA: betaLoop(s, from, end); return true;
    case KIND_ADX: adxLoop(s, from, end); return true;
    case KIND_AROON: aroonLoop(s, from, end); return true;
    case KIND_KAMA: kamaLoop(s, from, end); return true;
    case KIND_CCI: cciLoop(s, from, end); return true;
    case KIND_SAR:
      if (s.p2 == 1) return false;
      sarLoop(s, from, end);
      return true;
    case KIND_OBV: obvLoop(s, from, end); return true;
    case KIND_AD: adLoop(s, from, end); return true;
    case KIND_CMF: cmfLoop(s, from, end); return true;
    case KIND_CHAIKIN: chaikinLoop(s, from, end); return true;
    case KIND_MFI: mfiLoop(s, from, end); return true;
    default:
      return false;
  }
}
