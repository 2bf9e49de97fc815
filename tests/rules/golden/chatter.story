0    | yard/f1 flood_gauge=60
1    | yard/f1 flood_gauge=60
10   | yard/f1 flood_gauge=4
14   | yard/f1 flood_gauge=6
19   | yard/f1 flood_gauge=3
28   | yard/f1 flood_gauge=5.5
31   | yard/f1 flood_gauge=2
34   | yard/f1 flood_gauge=7
42   | yard/f1 flood_gauge=4.5
54   | yard/f1 flood_gauge=5.2
56   | zhang acknowledge alarm:draught
57   | yard/f1 flood_gauge=1
62   | yard/f1 flood_gauge=30
68   | yard/f1 flood_gauge=3
75   | yard/f1 flood_gauge=5.1
84   | zhang close incident:water verdict=real
85   | yard/f1 flood_gauge=4
155  | yard/f1 flood_gauge=9
175  | yard/f1 flood_gauge=2
179  | yard/f1 flood_gauge=6
183  | yard/f1 flood_gauge=4
189  | yard/f1 flood_gauge=6
194  | yard/p0/g0 flood_gauge=3
205  | yard/p1/g1 flood_gauge=3
216  | yard/p2/g2 flood_gauge=3
227  | yard/p3/g3 flood_gauge=3
238  | yard/p4/g4 flood_gauge=3
249  | yard/p5/g5 flood_gauge=3
260  | yard/p6/g6 flood_gauge=3
271  | yard/p7/g7 flood_gauge=3
282  | yard/p8/g8 flood_gauge=3
293  | yard/p9/g9 flood_gauge=3
304  | yard/p10/g10 flood_gauge=3
315  | yard/p11/g11 flood_gauge=3
326  | yard/p12/g12 flood_gauge=3
337  | yard/p13/g13 flood_gauge=3
348  | zhang shelve alarm:draught reason=many for_s=40
351  | yard/p0/g0 flood_gauge=8
358  | yard/p3/g3 flood_gauge=8
365  | yard/p6/g6 flood_gauge=8
372  | yard/p9/g9 flood_gauge=8
379  | yard/p12/g12 flood_gauge=8
386  |
686  | b1/u1/t1 temperature=30
696  | b1/u1/t1 temperature=90
702  | b1/u1/t1 temperature=91
726  | b1/u1/t1 temperature=20
761  | b1/u1/t1 temperature=95
767  | b1/u1/t1 temperature=96
776  | b1/u1/t1 temperature=20
816  | zhang close incident:fire verdict=false text=an_oven
1286 |
4386 |
