 (func $assembly/fabric/crc32c/crc32c (param $0 i32) (param $1 i32) (param $2 i32) (param $3 i32) (result i32)
  (local $4 i32)
  (local $5 i32)
  local.get $3
  i32.const -1
  i32.xor
  local.set $3
  local.get $1
  local.get $2
  i32.add
  local.set $4
  loop $while-continue|0
   local.get $1
   i32.const 7
   i32.and
   i32.const 0
   i32.ne
   local.get $1
   local.get $4
   i32.lt_u
   i32.and
   if
    local.get $1
    local.tee $2
    i32.const 1
    i32.add
    local.set $1
    local.get $0
    local.get $3
    local.get $2
    i32.load8_u
    i32.xor
    i32.const 255
    i32.and
    i32.const 2
    i32.shl
    i32.add
    i32.load
    local.get $3
    i32.const 8
    i32.shr_u
    i32.xor
    local.set $3
    br $while-continue|0
   end
  end
  loop $for-loop|1
   local.get $1
   i32.const 8
   i32.add
   local.tee $2
   local.get $4
   i32.le_u
   if
    local.get $0
    local.get $1
    i32.load offset=4
    local.tee $5
    i32.const 24
    i32.shr_u
    i32.const 2
    i32.shl
    i32.add
    i32.load
    local.get $0
    i32.const 1024
    i32.add
    local.get $5
    i32.const 16
    i32.shr_u
    i32.const 255
    i32.and
    i32.const 2
    i32.shl
    i32.add
    i32.load
    local.get $0
    i32.const 2048
    i32.add
    local.get $5
    i32.const 8
    i32.shr_u
    i32.const 255
    i32.and
    i32.const 2
    i32.shl
    i32.add
    i32.load
    local.get $0
    i32.const 3072
    i32.add
    local.get $5
    i32.const 255
    i32.and
    i32.const 2
    i32.shl
    i32.add
    i32.load
    local.get $0
    i32.const 4096
    i32.add
    local.get $1
    i32.load
    local.get $3
    i32.xor
    local.tee $1
    i32.const 24
    i32.shr_u
    i32.const 2
    i32.shl
    i32.add
    i32.load
    local.get $0
    i32.const 5120
    i32.add
    local.get $1
    i32.const 16
    i32.shr_u
    i32.const 255
    i32.and
    i32.const 2
    i32.shl
    i32.add
    i32.load
    local.get $0
    i32.const 7168
    i32.add
    local.get $1
    i32.const 255
    i32.and
    i32.const 2
    i32.shl
    i32.add
    i32.load
    local.get $0
    i32.const 6144
    i32.add
    local.get $1
    i32.const 8
    i32.shr_u
    i32.const 255
    i32.and
    i32.const 2
    i32.shl
    i32.add
    i32.load
    i32.xor
    i32.xor
    i32.xor
    i32.xor
    i32.xor
    i32.xor
    i32.xor
    local.set $3
    local.get $2
    local.set $1
    br $for-loop|1
   end
  end
  loop $while-continue|2
   local.get $1
   local.get $4
   i32.lt_u
   if
    local.get $1
    local.tee $2
    i32.const 1
    i32.add
    local.set $1
    local.get $0
    local.get $3
    local.get $2
    i32.load8_u
    i32.xor
    i32.const 255
    i32.and
    i32.const 2
    i32.shl
    i32.add
    i32.load
    local.get $3
    i32.const 8
    i32.shr_u
    i32.xor
    local.set $3
    br $while-continue|2
   end
  end
  local.get $3
  i32.const -1
  i32.xor
 )

 (func $assembly/fabric/atomic/atomicLoad (param $0 i32) (result i32)
  local.get $0
  i32.atomic.load
 )

 (func $assembly/fabric/atomic/atomicStore (param $0 i32) (param $1 i32)
  local.get $0
  local.get $1
  i32.atomic.store
 )

 (func $assembly/fabric/spsc-host/spscClaim (param $0 i32) (param $1 i32) (param $2 i32) (result i32)
  (local $3 i32)
  (local $4 i32)
  (local $5 i32)
  (local $6 i32)
  (local $7 i32)
  local.get $0
  i32.load offset=12
  local.set $4
  i32.const 0
  local.get $1
  local.get $0
  i32.load offset=524
  select
  i32.eqz
  if
   unreachable
  end
  local.get $2
  local.get $4
  i32.const 4
  i32.div_s
  i32.const 8
  i32.sub
  i32.gt_u
  if
   unreachable
  end
  local.get $0
  i32.load offset=520
  local.get $4
  local.get $0
  i32.load offset=512
  local.tee $5
  local.get $4
  i32.const 1
  i32.sub
  i32.and
  local.tee $6
  i32.sub
  local.tee $3
  i32.const 0
  local.get $3
  local.get $2
  i32.const 15
  i32.add
  i32.const -8
  i32.and
  local.tee $7
  i32.lt_s
  select
  local.tee $3
  local.get $5
  i32.add
  local.get $7
  i32.add
  local.get $4
  i32.sub
  local.tee $4
  i32.sub
  i32.const 0
  i32.ge_s
  if (result i32)
   i32.const 1
  else
   local.get $0
   local.get $0
   i32.atomic.load offset=256
   local.tee $5
   i32.store offset=520
   local.get $5
   local.get $4
   i32.sub
   i32.const 0
   i32.ge_s
  end
  if (result i32)
   local.get $3
   if
    local.get $0
    i32.const 768
    i32.add
    local.get $6
    i32.add
    local.tee $4
    local.get $3
    i32.store
    local.get $4
    i32.const 0
    i32.store offset=4
   end
   local.get $0
   i32.const 768
   i32.add
   i32.const 0
   local.get $6
   local.get $3
   select
   i32.add
   local.tee $4
   local.get $2
   i32.const 8
   i32.add
   i32.store
   local.get $4
   local.get $1
   i32.store offset=4
   local.get $0
   local.get $3
   local.get $7
   i32.add
   i32.store offset=524
   local.get $4
   i32.const 8
   i32.add
  else
   i32.const 0
  end
 )

 (func $assembly/fabric/spsc-host/spscNext (param $0 i32) (result i32)
  (local $1 i32)
  (local $2 i32)
  (local $3 i32)
  (local $4 i32)
  (local $5 i32)
  (local $6 i32)
  (local $7 i32)
  local.get $0
  i32.load offset=648
  local.tee $2
  local.get $0
  i32.load offset=640
  local.tee $3
  i32.sub
  local.set $1
  local.get $2
  local.get $3
  i32.eq
  if
   local.get $0
   local.get $0
   i32.atomic.load offset=128
   local.tee $1
   i32.store offset=648
   local.get $1
   local.get $3
   i32.sub
   local.tee $1
   local.get $0
   i32.load offset=260
   i32.gt_s
   if
    local.get $0
    local.get $1
    i32.store offset=260
   end
  end
  local.get $1
  if (result i32)
   local.get $3
   local.get $0
   i32.load offset=12
   local.tee $5
   i32.const 1
   i32.sub
   i32.and
   local.tee $6
   local.get $0
   i32.const 768
   i32.add
   local.tee $7
   i32.add
   local.tee $2
   i32.load offset=4
   i32.eqz
   if
    local.get $5
    local.get $6
    i32.sub
    local.set $4
    local.get $7
    local.set $2
   end
   local.get $4
   local.get $2
   i32.load
   local.tee $4
   i32.const 7
   i32.add
   i32.const -8
   i32.and
   i32.add
   local.set $5
   local.get $4
   i32.const 8
   i32.lt_s
   local.get $1
   local.get $5
   i32.lt_s
   i32.or
   if
    unreachable
   end
   local.get $0
   local.get $3
   local.get $5
   i32.add
   i32.store offset=640
   local.get $2
   i32.const 8
   i32.add
  else
   i32.const 0
  end
 )

 (func $assembly/fabric/log-host/logClaim (param $0 i32) (param $1 i32) (param $2 i32) (param $3 f64) (param $4 f64) (param $5 i32) (result i32)
  (local $6 i32)
  (local $7 i32)
  (local $8 i32)
  (local $9 i32)
  (local $10 i32)
  (local $11 i32)
  (local $12 i32)
  (local $13 i32)
  local.get $0
  i32.load offset=12
  local.set $8
  i32.const 0
  local.get $1
  local.get $0
  i32.load offset=1420
  select
  i32.eqz
  if
   unreachable
  end
  local.get $5
  local.get $8
  i32.const 4
  i32.div_s
  i32.const 32
  i32.sub
  i32.gt_u
  if
   unreachable
  end
  local.get $0
  i32.load offset=1416
  local.get $8
  local.get $0
  i32.load offset=1408
  local.tee $10
  local.get $8
  i32.const 1
  i32.sub
  i32.and
  local.tee $7
  i32.sub
  local.tee $9
  i32.const 0
  local.get $9
  local.get $5
  i32.const 39
  i32.add
  i32.const -8
  i32.and
  local.tee $11
  i32.lt_s
  select
  local.tee $9
  local.get $10
  i32.add
  local.get $11
  i32.add
  local.tee $10
  local.get $8
  i32.sub
  local.tee $12
  i32.sub
  i32.const 0
  i32.ge_s
  if (result i32)
   i32.const 1
  else
   local.get $0
   i32.atomic.load offset=128
   local.set $5
   local.get $0
   i32.load offset=24
   local.set $8
   loop $for-loop|0
    local.get $6
    local.get $8
    i32.lt_s
    if
     local.get $0
     i32.const 384
     i32.add
     local.get $6
     i32.const 7
     i32.shl
     i32.add
     local.tee $13
     i32.atomic.load offset=4
     if
      local.get $13
      i32.atomic.load
      local.tee $13
      local.get $5
      i32.sub
      i32.const 0
      i32.lt_s
      if
       local.get $13
       local.set $5
      end
     end
     local.get $6
     i32.const 1
     i32.add
     local.set $6
     br $for-loop|0
    end
   end
   local.get $0
   local.get $5
   i32.store offset=1416
   local.get $5
   local.get $12
   i32.sub
   i32.const 0
   i32.ge_s
  end
  if (result i32)
   local.get $10
   local.get $0
   i32.load offset=1428
   i32.sub
   local.tee $5
   i32.const 0
   i32.gt_s
   if
    local.get $0
    local.get $0
    i32.load offset=1424
    local.get $5
    local.get $0
    i32.load offset=12
    i32.const 16
    i32.div_s
    local.tee $5
    i32.add
    i32.const 1
    i32.sub
    local.get $5
    i32.div_s
    i32.add
    local.tee $6
    i32.store offset=1424
    local.get $0
    local.get $5
    local.get $6
    i32.mul
    i32.store offset=1428
    local.get $0
    local.get $6
    i32.atomic.rmw.xchg offset=256
    drop
   end
   local.get $9
   i32.const 32
   i32.ge_s
   if
    local.get $0
    i32.const 2560
    i32.add
    local.get $7
    i32.add
    local.tee $5
    i32.const 0
    i32.store
    local.get $5
    local.get $9
    i32.store offset=4
    local.get $5
    i32.const 0
    i32.store16 offset=8
    local.get $5
    i32.const 0
    i32.store16 offset=10
    local.get $5
    i32.const 0
    i32.store offset=12
    local.get $5
    f64.const 0
    f64.store offset=16
    local.get $5
    f64.const 0
    f64.store offset=24
   end
   local.get $0
   i32.const 2560
   i32.add
   i32.const 0
   local.get $7
   local.get $9
   select
   i32.add
   local.set $5
   local.get $11
   i32.const 32
   i32.gt_s
   if
    local.get $5
    local.get $11
    i32.add
    i32.const 8
    i32.sub
    f64.const 0
    f64.store
   end
   local.get $5
   i32.const 0
   i32.store
   local.get $5
   local.get $11
   i32.store offset=4
   local.get $5
   local.get $1
   i32.store16 offset=8
   local.get $5
   local.get $2
   i32.store16 offset=10
   local.get $5
   i32.const 0
   i32.store offset=12
   local.get $5
   local.get $3
   f64.store offset=16
   local.get $5
   local.get $4
   f64.store offset=24
   local.get $0
   local.get $9
   local.get $11
   i32.add
   i32.store offset=1420
   local.get $5
   i32.const 32
   i32.add
  else
   i32.const 0
  end
 )
