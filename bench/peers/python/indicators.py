"""TA-Lib's functions over one series, by the names that the benchmark gives them."""

import talib

import series

COUNT = 100_000


def lanes():
    """A function for each lane; it returns the arrays to be compared."""
    bars = series.bars(COUNT)
    open_, high, low, close, volume = (bars[name] for name in ("open", "high", "low", "close", "volume"))
    functions = {
        "sma": lambda: talib.SMA(close, 20),
        "ema": lambda: talib.EMA(close, 20),
        "wma": lambda: talib.WMA(close, 20),
        "dema": lambda: talib.DEMA(close, 20),
        "tema": lambda: talib.TEMA(close, 20),
        "trima": lambda: talib.TRIMA(close, 20),
        "kama": lambda: talib.KAMA(close, 10),
        "t3": lambda: talib.T3(close, 5, 0.7),
        "mama": lambda: talib.MAMA(close, 0.5, 0.05),
        "lsma": lambda: talib.LINEARREG(close, 14),
        "rsi": lambda: talib.RSI(close, 14),
        "macd": lambda: talib.MACD(close, 12, 26, 9),
        "ppo": lambda: talib.PPO(close, 12, 26, 1),
        "roc": lambda: talib.ROC(close, 10),
        "momentum": lambda: talib.MOM(close, 10),
        "stochastic": lambda: talib.STOCH(high, low, close, 14, 3, 0, 3, 0),
        "stochasticRsi": lambda: talib.STOCHRSI(close, 14, 14, 3, 0),
        "cci": lambda: talib.CCI(high, low, close, 20),
        "williamsR": lambda: talib.WILLR(high, low, close, 14),
        "cmo": lambda: talib.CMO(close, 14),
        "trix": lambda: talib.TRIX(close, 15),
        "ultimate": lambda: talib.ULTOSC(high, low, close, 7, 14, 28),
        "aroon": lambda: talib.AROON(high, low, 25),
        "adx": lambda: talib.ADX(high, low, close, 14),
        "trueRange": lambda: talib.TRANGE(high, low, close),
        "atr": lambda: talib.ATR(high, low, close, 14),
        "natr": lambda: talib.NATR(high, low, close, 14),
        "bollinger": lambda: talib.BBANDS(close, 20, 2.0, 2.0, 0),
        "deviation": lambda: talib.STDDEV(close, 20, 1.0),
        "obv": lambda: talib.OBV(close, volume),
        "ad": lambda: talib.AD(high, low, close, volume),
        "chaikin": lambda: talib.ADOSC(high, low, close, volume, 3, 10),
        "mfi": lambda: talib.MFI(high, low, close, volume, 14),
        "parabolicSar": lambda: talib.SAR(high, low, 0.02, 0.2),
        "variance": lambda: talib.VAR(close, 20, 1.0),
        "correlation": lambda: talib.CORREL(close, open_, 30),
        "extremes": lambda: (talib.MAX(close, 30), talib.MIN(close, 30)),
    }
    return {f"talib-{name}": (function, COUNT) for name, function in functions.items()}
