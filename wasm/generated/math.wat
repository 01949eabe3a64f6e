 (func $assembly/math/ema/emaPush (param $0 i32)
  (local $1 f64)
  (local $2 i32)
  (local $3 f64)
  local.get $0
  f64.load offset=16
  local.set $1
  local.get $0
  i32.load offset=12
  local.tee $2
  local.get $0
  i32.load offset=8
  i32.lt_s
  if
   local.get $0
   local.get $0
   f64.load offset=40
   local.get $1
   f64.add
   local.tee $1
   f64.store offset=40
   local.get $0
   local.get $2
   i32.const 1
   i32.add
   local.tee $2
   i32.store offset=12
   local.get $2
   local.get $0
   i32.load offset=8
   local.tee $2
   i32.eq
   if
    local.get $0
    local.get $1
    local.get $2
    f64.convert_i32_s
    f64.div
    f64.store offset=24
   end
  else
   local.get $0
   local.get $0
   f64.load offset=24
   local.tee $3
   local.get $0
   f64.load offset=32
   local.get $1
   local.get $3
   f64.sub
   f64.mul
   f64.add
   f64.store offset=24
  end
 )

 (func $assembly/math/rolling/rollingPush (param $0 i32)
  (local $1 i32)
  (local $2 f64)
  (local $3 i32)
  (local $4 f64)
  (local $5 i32)
  (local $6 f64)
  (local $7 f64)
  (local $8 f64)
  local.get $0
  i32.load offset=8
  local.set $1
  local.get $0
  local.get $0
  i32.load offset=72
  local.tee $3
  i32.const 3
  i32.shl
  i32.add
  local.tee $5
  f64.load offset=80
  local.set $6
  local.get $5
  local.get $0
  f64.load offset=16
  local.tee $7
  f64.store offset=80
  local.get $0
  local.get $3
  i32.const 1
  i32.add
  local.tee $3
  i32.const 0
  local.get $1
  local.get $3
  i32.ne
  select
  i32.store offset=72
  local.get $0
  i32.load offset=12
  local.tee $3
  local.get $1
  i32.eq
  if
   block $__inlined_func$assembly/math/rolling/slide$22
    local.get $0
    i32.load offset=76
    i32.const 1
    i32.add
    local.set $3
    local.get $1
    i32.const 16
    i32.lt_s
    if (result i32)
     i32.const 1
    else
     local.get $3
     i32.const 1024
     local.get $1
     local.get $1
     i32.const 1024
     i32.lt_s
     select
     i32.ge_s
    end
    if
     local.get $0
     local.get $1
     call $assembly/math/rolling/resum
     br $__inlined_func$assembly/math/rolling/slide$22
    end
    local.get $0
    f64.load offset=64
    local.tee $8
    local.get $7
    local.get $6
    f64.sub
    local.tee $4
    local.get $1
    f64.convert_i32_s
    f64.div
    f64.add
    local.set $2
    local.get $0
    f64.load offset=40
    local.get $4
    local.get $7
    local.get $0
    f64.load offset=56
    local.tee $4
    f64.sub
    local.get $2
    f64.sub
    local.get $6
    local.get $4
    f64.sub
    local.get $8
    f64.sub
    f64.add
    f64.mul
    f64.add
    f64.const 0
    f64.max
    local.tee $6
    local.get $0
    f64.load offset=48
    f64.max
    local.tee $7
    f64.const 9.5367431640625e-07
    f64.mul
    local.get $6
    f64.gt
    if
     local.get $0
     local.get $1
     call $assembly/math/rolling/resum
     br $__inlined_func$assembly/math/rolling/slide$22
    end
    local.get $0
    local.get $3
    i32.store offset=76
    local.get $0
    local.get $7
    f64.store offset=48
    local.get $0
    local.get $4
    f64.store offset=56
    local.get $0
    local.get $2
    f64.store offset=64
    local.get $0
    local.get $4
    local.get $2
    f64.add
    f64.store offset=24
    local.get $0
    local.get $6
    f64.store offset=40
    local.get $0
    local.get $6
    local.get $1
    f64.convert_i32_s
    f64.div
    f64.store offset=32
   end
  else
   local.get $0
   local.get $3
   i32.const 1
   i32.add
   local.tee $3
   i32.store offset=12
   local.get $1
   local.get $3
   i32.eq
   if
    local.get $0
    local.get $1
    call $assembly/math/rolling/resum
   end
  end
 )

 (func $assembly/math/rolling/resum (param $0 i32) (param $1 i32)
  (local $2 i32)
  (local $3 f64)
  (local $4 f64)
  (local $5 f64)
  (local $6 i32)
  (local $7 i32)
  (local $8 f64)
  (local $9 f64)
  local.get $1
  f64.convert_i32_s
  local.set $5
  local.get $0
  i32.load offset=72
  local.set $2
  loop $for-loop|0
   local.get $1
   local.get $6
   i32.gt_s
   if
    local.get $3
    local.get $0
    local.get $2
    i32.const 3
    i32.shl
    i32.add
    f64.load offset=80
    f64.add
    local.set $3
    local.get $2
    i32.const 1
    i32.add
    local.tee $2
    local.get $1
    i32.eq
    if
     i32.const 0
     local.set $2
    end
    local.get $6
    i32.const 1
    i32.add
    local.set $6
    br $for-loop|0
   end
  end
  local.get $3
  local.get $5
  f64.div
  local.set $9
  local.get $0
  i32.load offset=72
  local.set $2
  loop $for-loop|00
   local.get $1
   local.get $7
   i32.gt_s
   if
    local.get $4
    local.get $0
    local.get $2
    i32.const 3
    i32.shl
    i32.add
    f64.load offset=80
    local.get $9
    f64.sub
    local.tee $3
    f64.add
    local.set $4
    local.get $8
    local.get $3
    local.get $3
    f64.mul
    f64.add
    local.set $8
    local.get $2
    i32.const 1
    i32.add
    local.tee $2
    local.get $1
    i32.eq
    if
     i32.const 0
     local.set $2
    end
    local.get $7
    i32.const 1
    i32.add
    local.set $7
    br $for-loop|00
   end
  end
  local.get $0
  i32.const 0
  i32.store offset=76
  local.get $0
  local.get $8
  local.get $4
  local.get $4
  f64.mul
  local.get $5
  f64.div
  f64.sub
  f64.const 0
  f64.max
  local.tee $3
  f64.store offset=48
  local.get $0
  local.get $9
  f64.store offset=56
  local.get $0
  local.get $4
  local.get $5
  f64.div
  local.tee $4
  f64.store offset=64
  local.get $0
  local.get $9
  local.get $4
  f64.add
  f64.store offset=24
  local.get $0
  local.get $3
  f64.store offset=40
  local.get $0
  local.get $3
  local.get $1
  f64.convert_i32_s
  f64.div
  f64.store offset=32
 )

 (func $assembly/math/mul-div/mulDivRound
  (local $0 i64)
  (local $1 i64)
  (local $2 i64)
  (local $3 f64)
  (local $4 f64)
  (local $5 i32)
  (local $6 f64)
  (local $7 i64)
  i32.const 65536
  f64.load
  local.tee $3
  f64.const 0
  f64.lt
  i32.const 65544
  f64.load
  local.tee $4
  f64.const 0
  f64.lt
  i32.ne
  local.set $5
  local.get $3
  f64.abs
  i64.trunc_sat_f64_s
  local.set $0
  local.get $4
  f64.abs
  i64.trunc_sat_f64_s
  local.set $1
  i32.const 65552
  f64.load
  local.tee $6
  i64.trunc_sat_f64_s
  local.set $2
  i32.const 65560
  block $__inlined_func$assembly/math/mul-div/quotient$3211 (result f64)
   f64.const nan:0x8000000000000
   local.get $3
   local.get $4
   f64.mul
   f64.abs
   local.get $6
   f64.div
   f64.const 9007199254741e3
   f64.gt
   br_if $__inlined_func$assembly/math/mul-div/quotient$3211
   drop
   local.get $0
   local.get $1
   i64.mul
   local.tee $7
   local.get $2
   local.get $0
   f64.convert_i64_s
   local.get $1
   f64.convert_i64_s
   f64.mul
   local.get $2
   f64.convert_i64_s
   f64.div
   i64.trunc_sat_f64_s
   local.tee $0
   i64.mul
   i64.sub
   local.set $1
   loop $while-continue|0
    local.get $1
    i64.const 0
    i64.lt_s
    if
     local.get $1
     local.get $2
     i64.add
     local.set $1
     local.get $0
     i64.const 1
     i64.sub
     local.set $0
     br $while-continue|0
    end
   end
   loop $while-continue|1
    local.get $1
    local.get $2
    i64.ge_s
    if
     local.get $1
     local.get $2
     i64.sub
     local.set $1
     local.get $0
     i64.const 1
     i64.add
     local.set $0
     br $while-continue|1
    end
   end
   f64.const nan:0x8000000000000
   local.get $0
   i64.const 1
   i64.add
   local.get $0
   local.get $7
   local.get $0
   local.get $2
   i64.mul
   i64.sub
   local.tee $0
   local.get $2
   local.get $0
   i64.sub
   i64.ge_s
   select
   local.tee $0
   f64.convert_i64_s
   f64.const 9007199254740992
   f64.ge
   br_if $__inlined_func$assembly/math/mul-div/quotient$3211
   drop
   i64.const 0
   local.get $0
   i64.sub
   local.get $0
   local.get $5
   select
   f64.convert_i64_s
  end
  f64.store
 )
