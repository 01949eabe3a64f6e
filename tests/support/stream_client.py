"""A client of the stream that shares nothing with the engine but the schemas: standard library, classes that flatc made.

Usage: stream_client.py PORT FRAMES. Connects to the binary stream, prints "ready" once it has the picture, then goes on
until it has FRAMES frames in all; prints each as one line of JSON, as the JSON form of the stream would have it.
It answers no pings: it lives shorter than the server's patience.
"""

import base64
import json
import os
import re
import socket
import struct
import sys
from decimal import Decimal

import all_generated as schema


def connect(port):
    sock = socket.create_connection(("127.0.0.1", port))
    key = base64.b64encode(os.urandom(16)).decode()
    sock.sendall(
        (
            "GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Protocol: sluice.flatbuffers\r\n\r\n"
        ).encode()
    )
    stream = sock.makefile("rb")
    status = stream.readline()
    if b" 101 " not in status:
        sys.exit(f"no upgrade: {status!r}")
    while stream.readline() != b"\r\n":
        pass
    return sock, stream


def messages(stream):
    """Yields (is_text, payload); servers send unmasked and, here, unfragmented frames."""
    while True:
        first, second = stream.read(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", stream.read(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", stream.read(8))
        payload = stream.read(length)
        if first & 0x0F == 8:
            sys.exit(f"closed: {payload!r}")
        if first & 0x0F in (1, 2):
            yield first & 0x0F == 1, payload


def names_of(enum):
    """Values of a flatc enum class as words: PartiallyFilled is partially-filled, and None_ is none."""
    words = {k: v for k, v in vars(enum).items() if isinstance(v, int)}
    return {v: re.sub(r"(?<=[a-z])(?=[A-Z])", "-", k.rstrip("_")).lower() for k, v in words.items()}


TYPES = names_of(schema.MessageType)
TOPICS = names_of(schema.Topic)
MODES = names_of(schema.Mode)
SIDES = names_of(schema.Side)


def text(length, at):
    return bytes(at(i) for i in range(length)).decode()


def money(units):
    return f"{Decimal(int(units)).scaleb(-8):.8f}"


class Decoder:
    def __init__(self):
        self.run = {}

    def frame(self, data):
        frame = schema.StreamFrame.GetRootAs(data)
        head = frame.Body()
        payload = bytes(frame.Payload(i) for i in range(frame.PayloadLength()))
        name = TYPES[head.Type()]
        message = getattr(schema, "".join(word.capitalize() for word in name.split("-"))).GetRootAs(payload)
        made = {
            "topic": TOPICS[head.Topic()],
            "seq": int(head.TopicSequence()),
            "sequence": int(head.Sequence()),
            "timeUs": head.TimeUs(),
            "mode": MODES[head.Mode()],
            "type": name,
        }
        if head.Snapshot():
            made["snapshot"] = True
        made.update(getattr(self, name.replace("-", "_"))(message.Body(), message))
        return made

    def instrument(self, body):
        return self.run["instruments"][body.Instrument()]

    def strategy(self, body):
        return self.run["strategies"][body.Strategy()]["id"]

    def price(self, ticks, body):
        return self.steps(ticks, "tickSize", body) if ticks else None

    def qty(self, lots, body):
        return self.steps(int(lots), "lotSize", body)

    def steps(self, count, step, body):
        return f"{count * Decimal(self.instrument(body)[step]):f}"

    def levels(self, message, first, last, body):
        levels = [message.Levels(i) for i in range(first, last)]
        return [[self.steps(level.PriceTicks(), "tickSize", body), self.qty(level.QtyLots(), body)] for level in levels]

    def trade(self, body, _):
        return {
            "instrument": self.instrument(body)["id"],
            "price": self.price(body.PriceTicks(), body),
            "qty": self.qty(body.QtyLots(), body),
            "aggressor": SIDES[body.Aggressor()],
            "tradeId": body.TradeId(),
            "venueTimeUs": body.VenueTimeUs(),
            "receiveTimeUs": body.ReceiveTimeUs(),
        }

    def quote(self, body, _):
        return {
            "instrument": self.instrument(body)["id"],
            "bid": self.price(body.BidTicks(), body),
            "bidQty": self.qty(body.BidLots(), body),
            "ask": self.price(body.AskTicks(), body),
            "askQty": self.qty(body.AskLots(), body),
            "updateId": body.UpdateId(),
            "venueTimeUs": body.VenueTimeUs(),
            "receiveTimeUs": body.ReceiveTimeUs(),
        }

    def book_delta(self, body, message):
        return {
            "instrument": self.instrument(body)["id"],
            "bids": self.levels(message, 0, body.BidCount(), body),
            "asks": self.levels(message, body.BidCount(), message.LevelsLength(), body),
            "firstUpdateId": body.FirstUpdateId(),
            "lastUpdateId": body.LastUpdateId(),
            "last": body.Last() != 0,
            "venueTimeUs": body.VenueTimeUs(),
            "receiveTimeUs": body.ReceiveTimeUs(),
        }

    def book_snapshot(self, body, message):
        return {
            "instrument": self.instrument(body)["id"],
            "bids": self.levels(message, 0, body.BidCount(), body),
            "asks": self.levels(message, body.BidCount(), message.LevelsLength(), body),
            "lastUpdateId": body.LastUpdateId(),
            "first": body.First() != 0,
            "last": body.Last() != 0,
            "venueTimeUs": body.VenueTimeUs(),
            "receiveTimeUs": body.ReceiveTimeUs(),
        }

    def order_event(self, body, _):
        return {
            "instrument": self.instrument(body)["id"],
            "strategy": self.strategy(body),
            "orderId": body.OrderId(),
            "status": names_of(schema.OrderStatus)[body.Status()],
            "side": SIDES[body.Side()],
            "orderType": names_of(schema.OrderType)[body.OrderType()],
            "timeInForce": names_of(schema.TimeInForce)[body.TimeInForce()],
            "price": self.price(body.PriceTicks(), body),
            "qty": self.qty(body.QtyLots(), body),
            "filledQty": self.qty(body.FilledLots(), body),
            "denyReason": names_of(schema.DenyReason)[body.DenyReason()],
            "reportReason": names_of(schema.ReportReason)[body.ReportReason()],
        }

    def fill(self, body, _):
        return {
            "instrument": self.instrument(body)["id"],
            "strategy": self.strategy(body),
            "orderId": body.OrderId(),
            "tradeId": body.TradeId(),
            "side": SIDES[body.Side()],
            "liquidity": names_of(schema.Liquidity)[body.Liquidity()],
            "price": self.price(body.PriceTicks(), body),
            "qty": self.qty(body.QtyLots(), body),
            "fee": money(body.FeeMoney()),
            "realised": money(body.RealisedMoney()),
            "venueTimeUs": body.VenueTimeUs(),
        }

    def position(self, body, _):
        return {
            "instrument": self.instrument(body)["id"],
            "strategy": self.strategy(body),
            "position": self.qty(body.PositionLots(), body),
            "cost": money(body.CostMoney()),
            "realised": money(body.RealisedMoney()),
            "fees": money(body.FeesMoney()),
        }

    def feed_status(self, body, _):
        return {
            "instrument": self.instrument(body)["id"],
            "state": names_of(schema.FeedState)[body.State()],
            "reason": names_of(schema.FeedReason)[body.Reason()],
            "receiveTimeUs": body.ReceiveTimeUs(),
        }

    def trading_state_event(self, body, _):
        states = names_of(schema.TradingState)
        return {
            "state": states[body.State()],
            "previous": states[body.Previous()],
            "reason": names_of(schema.TradingReason)[body.Reason()],
        }

    def strategy_log(self, body, message):
        return {
            "strategy": self.strategy(body),
            "level": names_of(schema.LogLevel)[body.Level()],
            "text": text(message.TextLength(), message.Text),
        }

    def config(self, body, message):
        """The first frame of a connection: what the others' numbers stand for."""
        self.run = json.loads(text(message.JsonLength(), message.Json))
        return {"epoch": body.Epoch(), "config": self.run}

    def status(self, _, message):
        return {"status": json.loads(text(message.JsonLength(), message.Json))}


def main(port, frames):
    sock, stream = connect(port)
    decoder = Decoder()
    lines = 0
    for is_text, payload in messages(stream):
        if is_text:
            if json.loads(payload)["type"] == "subscribed":
                print("ready", flush=True)
            continue
        print(json.dumps(decoder.frame(payload)), flush=True)
        lines += 1
        if lines == frames:
            sock.close()
            return


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
