/**
 * What each answer of a venue means. The table errs to one side: an order that may be there is never taken for refused.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LinkRequest } from "../feeds/orders/link.js";
import { judge, Verdict } from "../feeds/orders/outcomes.js";
import { ReportReason } from "../schemas/index.js";
import { ok, refusal, SILENCE } from "./support/gateway.js";

const verdictOf = (kind: LinkRequest["kind"], status: number, code = 0, message = ""): string => {
  const { verdict, reason } = judge(kind, refusal(status, code, message));
  const name = (words: object, value: unknown) => Object.entries(words).find(([, each]) => each === value)![0];
  return `${name(Verdict, verdict)} ${name(ReportReason, reason)}`;
};

describe("an order may be there", () => {
  test.each([
    [500, 0, ""],
    [502, 0, "Bad Gateway"],
    [503, -1008, "Server is currently overloaded with other requests."],
    [504, -1007, "Timeout waiting for response from backend server. Send status unknown; execution status unknown."],
    [500, -1006, "An unexpected response was received from the message bus. Execution status unknown."],
    [400, -1007, "Timeout waiting for response from backend server."],
    [503, -1013, "Filter failure: LOT_SIZE"],
    [599, -2010, "Account has insufficient balance for requested action."],
    [400, 0, ""],
    [400, -9999, "a code that nobody has seen"],
    [409, 0, ""],
    [200, -1, "an error under a good status"],
    [302, 0, ""],
    [0, 0, ""],
    [Number.NaN, Number.NaN, ""],
  ])("status %d, code %d %s", (status, code, message) => {
    expect(verdictOf("submit", status, code, message)).toMatch(/^Unknown /);
  });

  test("nobody answered", () => expect(judge("submit", SILENCE).verdict).toBe(Verdict.Unknown));
});

describe("an order is not there", () => {
  test.each([
    [400, -2010, "Account has insufficient balance for requested action.", "Rejected InsufficientFunds"],
    [400, -2010, "Order would immediately match and take.", "Rejected WouldTake"],
    [400, -2010, "This action is disabled on this account.", "Rejected VenueError"],
    [400, -1013, "Filter failure: PRICE_FILTER", "Rejected Invalid"],
    [400, -1102, "Mandatory parameter 'price' was not sent, was empty/null, or malformed.", "Rejected Invalid"],
    [400, -1121, "Invalid symbol.", "Rejected Invalid"],
    [400, -1022, "Signature for this request is not valid.", "Rejected Unauthorized"],
    [401, -2014, "API-key format invalid.", "Rejected Unauthorized"],
    [401, -2015, "Invalid API-key, IP, or permissions for action.", "Rejected Unauthorized"],
    [400, -1021, "Timestamp for this request is outside of the recvWindow.", "ClockSkew VenueError"],
    [429, -1003, "Too much request weight used.", "RetryLater RateLimited"],
    [429, -1015, "Too many new orders.", "RetryLater RateLimited"],
    [418, -1003, "Way too much request weight used; IP banned.", "RetryLater RateLimited"],
    [403, 0, "", "RetryLater RateLimited"],
  ])("status %d, code %d %s", (status, code, message, expected) => {
    expect(verdictOf("submit", status, code, message)).toBe(expected);
  });
});

test("a duplicate order is one that is there", () => {
  expect(verdictOf("submit", 400, -2010, "Duplicate order sent.")).toBe("Duplicate Duplicate");
});

test("a code counts only for the request that it answers", () => {
  expect(verdictOf("order", 400, -2013, "Order does not exist.")).toBe("NotFound UnknownOrder");
  expect(verdictOf("cancel", 400, -2011, "Unknown order sent.")).toBe("NotFound UnknownOrder");
  expect(verdictOf("submit", 400, -2013, "Order does not exist.")).toMatch(/^Unknown /);
  expect(verdictOf("order", 400, -2011, "Unknown order sent.")).toMatch(/^Unknown /);
  expect(verdictOf("cancel", 400, -2010, "Duplicate order sent.")).toMatch(/^Unknown /);
});

test("only a good status without a code says that it is done", () => {
  expect(judge("submit", ok()).verdict).toBe(Verdict.Done);
  fc.assert(
    fc.property(fc.integer({ min: -10_000, max: 10_000 }), fc.integer({ min: 0, max: 999 }), (code, status) => {
      const { verdict } = judge("submit", refusal(status, code));
      const isGood = status >= 200 && status < 300 && code === 0;
      expect(verdict === Verdict.Done).toBe(isGood);
      if (status >= 500) expect(verdict).toBe(Verdict.Unknown);
    }),
  );
});
