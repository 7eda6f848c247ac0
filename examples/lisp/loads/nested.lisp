; A load of nested lists: trees are grown, mapped, flattened and summed.
(define (tree depth n)
  (if (= depth 0)
      n
      (list (tree (- depth 1) (* 2 n)) n (tree (- depth 1) (+ (* 2 n) 1)))))
(define (map f l) (if l (cons (f (car l)) (map f (cdr l)))))
(define (map-tree f t)
  (if (equal? (type t) "pair") (map (lambda (x) (map-tree f x)) t) (f t)))
(define (flatten t rest)
  (if (not t) rest
      (equal? (type t) "pair") (flatten (car t) (flatten (cdr t) rest))
      (cons t rest)))
(define (sum l n) (if l (sum (cdr l) (+ n (car l))) n))

(define (round i n total)
  (let mapped (map-tree (lambda (x) (% (* x 37) 101)) (tree 4 i))
    (define sum-so-far (+ total (sum (flatten mapped nil) 0)))
    (if (= i n) sum-so-far (round (+ i 1) n sum-so-far))))
(print "sum of 40 trees:" (round 1 40 0))
(print (map-tree (lambda (x) (+ x 1)) (tree 2 1)))
