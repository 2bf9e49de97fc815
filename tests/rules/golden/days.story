0..299700/300 | b7/p1 power=~100
300010 | b7/p1 power=180
300310 | b7/p1 power=181
300610 | b7/p1 power=100.5
301000..1164000/3000 | b7/q1 occupancy:on
1164100 | b7/q1 occupancy:on
1171000 |
1172000 | deaf 300
1174000 |
1180000 | b7/q1 occupancy:on
1181000 | b7/l1 water_leak!on
1181001 | b7/l1 water_leak!on depth=2
1181002 | b7/l1 water_leak!on depth=5
1181003 | b7/l1 water_leak!on depth=5 side=out
1181004 | b7/l1 water_leak!on depth=5 side=in
1181005 | b7/l1 water_leak!off depth=5 side=in
1181006 | b7/l2 water_leak!on depth=deep
1181010 | bureau/m1 warning_signal!on
1181020 | b7/s1 smoke!on
1181021 | b7/s2 smoke!on side=out gateway=g7
1181022 | b7/s3 smoke!on side=in gateway=g8
1181030 | b7/t1 temperature=30
1181031 | b7/t1 temperature=41
1181035 | deaf 3
1181045 | b7/t1 temperature=42
1181046 | b7/o1 opening:open
1181050 | deaf 2
1181060 | b7/o1 motion:on
1181070 | b7/h1 humidity=40
1181100 | b7/t1 temperature=30
1181110 | deaf 5
1181130 | b7/h1 humidity=40
1181200 | b7/h1 humidity=40
1181300 | b7/h1 humidity=40
1200000 |
