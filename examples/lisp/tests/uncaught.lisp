; An error that nothing catches ends a script, and leaves nothing behind.
(print "before")
((lambda (a) a) (list 1 2) "three")
(print "after")
