/**
 * The numbers by which states name their indicator, in memory and in snapshots. They are append-only: a number is never
 * given to another indicator. The kernels and the table both read this file, so it holds integer constants alone.
 */
export const KIND_FIRST = 16;

export const KIND_SMA = 16;
export const KIND_EXPONENTIAL = 17;
export const KIND_WMA = 18;
export const KIND_DEMA = 19;
export const KIND_TEMA = 20;
export const KIND_HMA = 21;
export const KIND_KAMA = 22;
export const KIND_T3 = 23;
export const KIND_ZLEMA = 24;
export const KIND_ALMA = 25;
export const KIND_RMA = 26;
export const KIND_VWMA = 27;
export const KIND_LSMA = 28;
export const KIND_MAMA = 29;
export const KIND_TRIMA = 30;

export const KIND_RSI = 31;
export const KIND_MACD = 32;
export const KIND_PPO = 33;
export const KIND_ROC = 34;
export const KIND_MOMENTUM = 35;
export const KIND_STOCHASTIC = 36;
export const KIND_STOCHASTIC_RSI = 37;
export const KIND_CCI = 38;
export const KIND_WILLIAMS_R = 39;
export const KIND_CMO = 40;
export const KIND_TSI = 41;
export const KIND_TRIX = 42;
export const KIND_ULTIMATE = 43;
export const KIND_AWESOME = 44;
export const KIND_AROON = 45;
export const KIND_ADX = 46;
export const KIND_VORTEX = 47;
export const KIND_KST = 48;

export const KIND_TRUE_RANGE = 49;
export const KIND_ATR = 50;
export const KIND_NATR = 51;
export const KIND_BOLLINGER = 52;
export const KIND_PERCENT_B = 53;
export const KIND_BANDWIDTH = 54;
export const KIND_KELTNER = 55;
export const KIND_DONCHIAN = 56;
export const KIND_DEVIATION = 57;
export const KIND_CHOPPINESS = 58;
export const KIND_ULCER = 59;
export const KIND_REALISED = 60;
export const KIND_PARKINSON = 61;
export const KIND_GARMAN_KLASS = 62;
export const KIND_ROGERS_SATCHELL = 63;
export const KIND_YANG_ZHANG = 64;

export const KIND_OBV = 65;
export const KIND_AD = 66;
export const KIND_CMF = 67;
export const KIND_CHAIKIN = 68;
export const KIND_MFI = 69;
export const KIND_FORCE = 70;
export const KIND_VWAP = 71;
export const KIND_ROLLING_VWAP = 72;
export const KIND_EMV = 73;
export const KIND_VOLUME_INDEX = 74;

export const KIND_SAR = 75;
export const KIND_SUPERTREND = 76;
export const KIND_ICHIMOKU = 77;
export const KIND_REGRESSION = 78;
export const KIND_HEIKIN_ASHI = 79;
export const KIND_VARIANCE = 80;
export const KIND_Z_SCORE = 81;
export const KIND_SKEWNESS = 82;
export const KIND_KURTOSIS = 83;
export const KIND_QUANTILE = 84;
export const KIND_EXTREMES = 85;
export const KIND_COVARIANCE = 86;
export const KIND_CORRELATION = 87;
export const KIND_BETA = 88;
export const KIND_AUTOCORRELATION = 89;
export const KIND_EWMA_VARIANCE = 90;

export const KIND_IMBALANCE = 91;
export const KIND_MICROPRICE = 92;
export const KIND_ORDER_FLOW = 93;
export const KIND_KYLE = 94;
export const KIND_AMIHUD = 95;
export const KIND_TICK_RULE = 96;
export const KIND_LEE_READY = 97;
export const KIND_SPREAD = 98;

export const KIND_PIVOTS = 99;
export const KIND_EWMA_MEAN = 100;
export const KIND_EWMA_COVARIANCE = 101;
export const KIND_CUSUM = 102;
export const KIND_KALMAN_LEVEL = 103;
export const KIND_HEDGE_RATIO = 104;
export const KIND_HALF_LIFE = 105;
export const KIND_HURST = 106;
export const KIND_VPIN = 107;
export const KIND_REALISED_SPREAD = 108;
export const KIND_VOLUME_PROFILE = 109;
export const KIND_ADAPTIVE_RSI = 110;
export const KIND_DIVERGENCE = 111;
export const KIND_VOLATILITY_REGIME = 112;
